import type { GatewayConfig } from './config.ts';
import { StandAlone } from './configuration/stand-alone.ts';
import type { Mode, ModeParts } from './mode.ts';
import { createPlane, startServing } from './serving.ts';

/** Serves one file, without any control plane. */
export async function startStandAlone(config: GatewayConfig, file: string, parts: ModeParts): Promise<Mode> {
  const plane = await createPlane(config, { ...parts, isShared: false });
  const standAlone = new StandAlone(file, plane, parts.logger);
  const serving = await standAlone
    .start()
    .then(() => startServing(plane, config.GATEWAY_HOST))
    .catch(async (cause: unknown) => {
      standAlone.stop();
      await plane.close(0);
      throw cause;
    });
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
