import { announceReady } from '@tollgate/contracts/runtime';
import { loadGatewayConfig } from './config.ts';
import { startGateway } from './gateway.ts';

/**
 * Starts the data plane of this process; the first SIGTERM or SIGINT ends it gracefully, the second at once. Standing alone, SIGHUP reads
 * its file anew and replaces the workers.
 */
async function main(): Promise<void> {
  const gateway = await startGateway(loadGatewayConfig());
  const stop = (): void => {
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const { reload } = gateway;
  if (reload !== null) process.on('SIGHUP', () => void reload());
  announceReady(gateway.urls);
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
