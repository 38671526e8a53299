import { announceReady } from '@tollgate/contracts/runtime';
import { closeOnSignal, ConfigError } from '@tollgate/platform';
import { environment } from './config.ts';
import { startStandalone } from './standalone.ts';

try {
  const { running, urls } = await startStandalone(environment);
  closeOnSignal(running);
  announceReady(urls);
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(error instanceof ConfigError ? 2 : 1);
}
