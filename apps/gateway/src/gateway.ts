import { pino } from 'pino';
import type { GatewayConfig } from './config.ts';
import { startLinked } from './linked-mode.ts';
import type { Mode } from './mode.ts';
import { startStandAlone } from './stand-alone-mode.ts';
import { CallMetrics } from './status/call-metrics.ts';
import { StatusServer } from './status/status-server.ts';
import { version } from './version.ts';

/** A data plane that serves. */
export interface RunningGateway {
  readonly urls: { readonly http: string; readonly https: string; readonly status: string };
  /** Not ready first; then calls under way finish, usage is made safe, and everything is closed. */
  close(): Promise<void>;
}

/** Starts a data plane; resolves when it listens. It is ready when `/readyz` of its status port says so. */
export async function startGateway(config: GatewayConfig): Promise<RunningGateway> {
  const logger = pino({
    level: config.LOG_LEVEL,
    base: { service: 'gateway', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['token', '*.token', 'privateKey', '*.privateKey', 'key', '*.key'], censor: '[redacted]' },
  });
  const metrics = new CallMetrics(logger);
  const state: { mode: Mode | null; isClosing: boolean } = { mode: null, isClosing: false };
  const status = new StatusServer({
    isReady: () => !state.isClosing && (state.mode?.isReady() ?? false),
    describe: () => ({ version, ...(state.mode?.describe() ?? { mode: 'starting' }) }),
    metrics: metrics.registry,
  });
  const statusUrl = await status.listen(config.GATEWAY_STATUS_HOST, config.GATEWAY_STATUS_PORT);
  try {
    state.mode = await startMode(config, { metrics, logger });
  } catch (cause) {
    await status.close();
    throw cause;
  }
  const { mode } = state;
  const urls = { ...mode.serving.urls, status: statusUrl };
  logger.info({ urls, version }, 'data plane is serving');
  return {
    urls,
    async close() {
      state.isClosing = true;
      await mode.stop();
      await status.close();
      logger.info('data plane is closed');
    },
  };
}

function startMode(config: GatewayConfig, parts: Parameters<typeof startLinked>[2]): Promise<Mode> {
  const { standAloneFile, TOLLGATE_LINK_URL: linkUrl } = config;
  if (standAloneFile !== undefined) return startStandAlone(config, standAloneFile, parts);
  if (linkUrl === undefined) throw new Error('TOLLGATE_LINK_URL is not set');
  return startLinked(config, linkUrl, parts);
}
