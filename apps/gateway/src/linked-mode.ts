import { join } from 'node:path';
import type { Heartbeat } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config.ts';
import { CacheWriter } from './configuration/cache-writer.ts';
import { loadDataKey } from './configuration/data-key.ts';
import { type CachedConfiguration, DiskCache } from './configuration/disk-cache.ts';
import { GroupBook } from './configuration/group-book.ts';
import { IdentityKeeper } from './identity/identity-keeper.ts';
import { IdentityStore } from './identity/identity-store.ts';
import { Link } from './link/link.ts';
import type { LinkAddress } from './link/link-http.ts';
import type { Mode, ModeParts } from './mode.ts';
import { createPlane, startServing } from './serving.ts';
import { LoadMeter } from './status/load-meter.ts';
import { UsageKeeper } from './usage/usage-keeper.ts';
import { version } from './version.ts';
import type { DataPlane } from './workers/data-plane.ts';

/** The last usage may take so long to send at shutdown; what is not sent stays on disk for the next start. */
const lastShipmentMs = 2_000;

/** Serves what the control plane publishes, from disk when it is not there. @throws EnrolmentFailed */
export async function startLinked(config: GatewayConfig, linkUrl: string, parts: ModeParts): Promise<Mode> {
  const { logger } = parts;
  const stateDir = config.TOLLGATE_STATE_DIR;
  const startedAt = new Date().toISOString();
  const address: LinkAddress = { url: linkUrl, proxy: config.HTTPS_PROXY, noProxy: config.NO_PROXY };
  const keeper = new IdentityKeeper({
    store: new IdentityStore(stateDir),
    address,
    token: config.TOLLGATE_ENROL_TOKEN,
    name: config.GATEWAY_NAME,
    logger,
    onRenewed: (identity) => void link.changeIdentity(identity),
  });
  const identity = await keeper.obtain();
  const wrapping = { secret: config.TOLLGATE_STATE_KEY, secretFile: config.TOLLGATE_STATE_KEY_FILE };
  const disk = new DiskCache(stateDir, await loadDataKey(stateDir, wrapping));
  const usage = await UsageKeeper.start({
    path: join(stateDir, 'usage.wal'),
    maxBytes: config.USAGE_WAL_BYTES,
    rejectedPath: join(stateDir, 'usage.rejected'),
    flushMs: config.USAGE_FLUSH_MS,
    shipMs: config.USAGE_SHIP_MS,
    post: (path, body) => link.post(path, body),
    received: (workerId, rows) => plane.usageReceived(workerId, rows),
    sealed: (sequence, rows) => plane.usageSealed(sequence, rows),
    unsealed: (sequence, givenUp) => plane.usageUnsealed(sequence, givenUp),
    logger,
    die,
  });

  const plane = await createPlane(config, { ...parts, isShared: identity.shared, connectUsage: usage.connect });
  plane.setUsageStream({ instanceId: identity.dataPlaneId, epoch: usage.epoch });
  const book = new GroupBook(plane);
  const restored = await restore(await readCache(disk, logger), { plane, book, logger });
  const serving = await startServing(plane, config.GATEWAY_HOST);
  const state = { isCurrent: restored > 0, isDraining: false };
  const cache = new CacheWriter(disk, plane, () => book.positions(), logger);
  const meter = new LoadMeter();

  const link = new Link(
    {
      address,
      plane,
      book,
      cache,
      logger,
      describe: () => ({
        version,
        hostname: config.GATEWAY_NAME,
        startedAt,
        draining: state.isDraining,
        groups: book.inForce().map(({ groupId, revision, access }) => ({ groupId, revision, access })),
        load: loadOf(plane, meter),
        usage: usage.state,
        telemetryDropped: 0,
      }),
      setDraining: (isDraining) => (state.isDraining = isDraining),
      onSynced: () => (state.isCurrent = true),
    },
    identity,
    keeper,
  );
  usage.ship();
  link.start();

  return {
    serving,
    isReady: () => state.isCurrent && !state.isDraining,
    collect: () => usage.collect(),
    describe: () => ({
      mode: 'linked',
      dataPlaneId: link.dataPlaneId,
      link: link.state,
      draining: state.isDraining,
      groups: book.inForce(),
      cacheIsCurrent: cache.isCurrent,
      usage: { epoch: usage.epoch, ...usage.state },
    }),
    async reload() {
      await link.reload();
      await plane.replaceWorkers();
    },
    async stop() {
      await plane.close(config.DRAIN_MS);
      await usage.stop(lastShipmentMs);
      await keeper.stop();
      await link.stop();
      await cache.flush();
    },
  };
}

/** As whatever nobody catches does. */
function die(cause: Error): void {
  setImmediate(() => {
    throw cause;
  });
}

async function readCache(disk: DiskCache, logger: Logger): Promise<CachedConfiguration | null> {
  try {
    return await disk.load();
  } catch (err) {
    logger.error({ err }, 'cached configuration cannot be read; waiting for the control plane');
    return null;
  }
}

interface Restoration {
  readonly plane: DataPlane;
  readonly book: GroupBook;
  readonly logger: Logger;
}

/** Puts the cached configuration in force, as old as it is; returns how many groups are served. */
async function restore(cached: CachedConfiguration | null, { plane, book, logger }: Restoration): Promise<number> {
  if (cached === null) return 0;
  let served = 0;
  for (const { groupId, revision, access } of cached.groups) {
    const isServed =
      (await book.restore(groupId, 'revision', revision)) && (await book.restore(groupId, 'access', access));
    if (isServed) served++;
    else logger.error({ groupId }, 'cached configuration of a group is refused');
  }
  plane.confirmAccess(cached.confirmedAt);
  return served;
}

function loadOf(plane: DataPlane, meter: LoadMeter): Heartbeat['load'] {
  const { calls, connections, loopDelayP99Ms } = plane.load();
  return {
    ...meter.read(calls),
    memoryBytes: process.memoryUsage.rss(),
    calls,
    connections,
    eventLoopDelayP99Ms: loopDelayP99Ms,
  };
}
