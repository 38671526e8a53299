import { announceReady } from '@tollgate/contracts/runtime';
import { loadGatewayConfig } from './config.ts';
import { startGateway } from './gateway.ts';

/**
 * Starts the data plane of this process; the first SIGTERM or SIGINT ends it gracefully, the second at once. SIGHUP reads its configuration
 * anew and replaces the workers; it never ends the process, not even while that starts.
 */
async function main(): Promise<void> {
  let reload = (): void => undefined;
  process.on('SIGHUP', () => reload());
  const gateway = await startGateway(loadGatewayConfig());
  reload = () => void gateway.reload();
  const stop = (): void => {
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  announceReady(gateway.urls);
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
