/** The migrate step: roles, schemas and migrations of every service, and the topics of the event bus. Ends by itself. */
import { busAddress, catalogueTopics, createEventBus } from '@tollgate/messaging';
import { migrate } from '@tollgate/persistence';
import { ConfigError, createLogger, loadConfig, platformConfig } from '@tollgate/platform';
import { environment, standaloneConfig } from './config.ts';
import { schemas } from './services.ts';

try {
  const { DATABASE_URL, TOLLGATE_MASTER_KEY } = loadConfig(standaloneConfig, environment);
  const platform = loadConfig(platformConfig, environment);
  await migrate({ adminUrl: DATABASE_URL, masterKey: TOLLGATE_MASTER_KEY, schemas });
  const bus = createEventBus(busAddress(platform), 'tollgate-migrate', createLogger('migrate', platform.LOG_LEVEL));
  try {
    await bus.ensureTopics(catalogueTopics());
  } finally {
    await bus.close();
  }
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
