import { pino } from 'pino';
import type { GatewayConfig } from './config.ts';
import { giveMemoryBack } from './give-memory-back.ts';
import { startLinked } from './linked-mode.ts';
import type { Mode, ModeParts } from './mode.ts';
import { startStandAlone } from './stand-alone-mode.ts';
import { CallMetrics } from './status/call-metrics.ts';
import { StatusServer } from './status/status-server.ts';
import { version } from './version.ts';

/** A data plane that serves. */
export interface RunningGateway {
  readonly urls: { readonly http: string; readonly https: string; readonly status: string };
  /**
   * Reads anew what can be: the file that it stands alone with, or its identity and what the control plane has for it. Replaces the workers,
   * without failing a call. What fails is logged, and stays as it was.
   */
  reload(): Promise<void>;
  /** Not ready first; then calls under way finish, usage is made safe, and everything is closed. */
  close(): Promise<void>;
}

/**
 * Starts a data plane; resolves when it listens. It is ready when `/readyz` of its status port says so.
 * @param spawn starts the thread of a worker in another way than the program does.
 */
export async function startGateway(config: GatewayConfig, spawn?: ModeParts['spawn']): Promise<RunningGateway> {
  const logger = pino({
    level: config.LOG_LEVEL,
    base: { service: 'gateway', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['token', '*.token', 'privateKey', '*.privateKey', 'key', '*.key'], censor: '[redacted]' },
  });
  const metrics = new CallMetrics();
  const state: { mode: Mode | null; isClosing: boolean } = { mode: null, isClosing: false };
  const status = new StatusServer({
    isReady: () =>
      !state.isClosing && state.mode !== null && state.mode.serving.plane.isServing && state.mode.isReady(),
    describe: () => ({
      version,
      ...(state.mode === null
        ? { mode: 'starting' }
        : { ...state.mode.describe(), engine: state.mode.serving.plane.status() }),
    }),
    collect: async () => {
      await state.mode?.serving.plane.collect();
      await state.mode?.collect();
    },
    metrics: metrics.registry,
  });
  const statusUrl = await status.listen(config.GATEWAY_STATUS_HOST, config.GATEWAY_STATUS_PORT);
  try {
    state.mode = await startMode(config, { metrics, logger, ...(spawn === undefined ? {} : { spawn }) });
  } catch (cause) {
    await status.close();
    throw cause;
  }
  const { mode } = state;
  const urls = { ...mode.serving.urls, status: statusUrl };
  giveMemoryBack({ isServing: false });
  logger.info({ urls, version }, 'data plane is serving');
  return {
    urls,
    async reload() {
      if (state.isClosing) return;
      logger.info('reading anew what can be');
      await mode.reload().catch((err: unknown) => logger.error({ err }, 'not everything could be read anew'));
    },
    async close() {
      state.isClosing = true;
      await mode.stop();
      await status.close();
      logger.info('data plane is closed');
    },
  };
}

function startMode(config: GatewayConfig, parts: ModeParts): Promise<Mode> {
  const { standAloneFile, TOLLGATE_LINK_URL: linkUrl } = config;
  if (standAloneFile !== undefined) return startStandAlone(config, standAloneFile, parts);
  if (linkUrl === undefined) throw new Error('TOLLGATE_LINK_URL is not set');
  return startLinked(config, linkUrl, parts);
}
