import { announceReady, tryAgainExitCode } from '@tollgate/contracts/runtime';
import { closeOnSignal, ConfigError } from '@tollgate/platform';
import { environment } from './config.ts';
import { FreePortTaken } from './free-port-taken.ts';
import { startStandalone } from './standalone.ts';

try {
  const { running, urls } = await startStandalone(environment);
  closeOnSignal(running);
  announceReady(urls);
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(exitCodeFor(error));
}

function exitCodeFor(error: unknown): number {
  if (error instanceof FreePortTaken) return tryAgainExitCode;
  return error instanceof ConfigError ? 2 : 1;
}
