import type { Logger } from 'pino';
import type { GatewayConfig } from './config.ts';
import { StandAlone } from './configuration/stand-alone.ts';
import type { Mode } from './mode.ts';
import { startServing } from './serving.ts';
import type { CallMetrics } from './status/call-metrics.ts';

/** Nobody collects usage here; counters are only kept from growing. */
const forgetUsageEveryMs = 60_000;

/** Serves one file, without any control plane. */
export async function startStandAlone(
  config: GatewayConfig,
  file: string,
  { metrics, logger }: { metrics: CallMetrics; logger: Logger },
): Promise<Mode> {
  const serving = await startServing(config, false, metrics);
  const { engine } = serving;
  const standAlone = new StandAlone(file, engine, logger);
  try {
    await standAlone.start();
  } catch (cause) {
    await engine.close({ withinMs: 0 });
    throw cause;
  }
  const forgetting = setInterval(() => engine.drainLedger(), forgetUsageEveryMs).unref();
  return {
    serving,
    isReady: () => true,
    describe: () => ({ mode: 'stand-alone', file, engine: engine.status() }),
    async stop() {
      standAlone.stop();
      clearInterval(forgetting);
      await engine.close({ withinMs: config.DRAIN_MS });
    },
  };
}
