import type { GatewayConfig } from './config.ts';
import { StandAlone } from './configuration/stand-alone.ts';
import type { Mode, ModeParts } from './mode.ts';
import { startServing } from './serving.ts';

/** Serves one file, without any control plane. */
export async function startStandAlone(config: GatewayConfig, file: string, parts: ModeParts): Promise<Mode> {
  const serving = await startServing(config, { ...parts, isShared: false });
  const { plane } = serving;
  const standAlone = new StandAlone(file, plane, parts.logger);
  try {
    await standAlone.start();
  } catch (cause) {
    await plane.close(0);
    throw cause;
  }
  return {
    serving,
    isReady: () => true,
    collect: () => Promise.resolve(),
    describe: () => ({ mode: 'stand-alone', file }),
    async reload() {
      await standAlone.reload();
      await plane.replaceWorkers();
    },
    async stop() {
      standAlone.stop();
      await plane.close(config.DRAIN_MS);
    },
  };
}
