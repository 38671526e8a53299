/** `node libs/messaging/dist/bin/dead-letters.js list|replay <consumer group>`: looks at what a consumer could not take, and gives it back. */
import { ConfigError, createLogger, loadConfig } from '@tollgate/platform';
import { createEventBus } from '../bus/create-event-bus.ts';
import { busConfig, environment } from '../config.ts';
import { DeadLetterUsageError, runDeadLetterCommand } from '../dead-letters/dead-letter-command.ts';
import { busAddress } from '../nest/bus-address.ts';

try {
  const config = loadConfig(busConfig, environment);
  const bus = createEventBus(busAddress(config), 'tollgate-dead-letters', createLogger('dead-letters', 'fatal'));
  try {
    await runDeadLetterCommand(process.argv.slice(2), bus, (text) => void process.stdout.write(text));
  } finally {
    await bus.close();
  }
} catch (error) {
  const isUsage = error instanceof DeadLetterUsageError || error instanceof ConfigError;
  process.stderr.write(`${isUsage ? error.message : String(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
