/** The demo tenant's back end, in a process of its own: like anybody's upstream, it serves on while the control plane is away. */
import { announceReady } from '@tollgate/contracts/runtime';
import { ConfigError, loadConfig } from '@tollgate/platform';
import { environment, standaloneConfig } from './config.ts';
import { startBookshop } from './demo/bookshop.ts';

try {
  const { TOLLGATE_DATA_DIR } = loadConfig(standaloneConfig.pick({ TOLLGATE_DATA_DIR: true }), environment);
  const { port, server } = await startBookshop(TOLLGATE_DATA_DIR);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.close(() => process.exit(0)));
  announceReady({ bookshop: `http://127.0.0.1:${port}` });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
