import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { type Command, type GroupPosition, linkErrors, linkProtocolVersion } from '@tollgate/contracts/dataplane';
import { ApiError, LOGGER, METRICS } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { CONFIG_FEED, type ConfigFeed } from './config-feed.ts';
import { ConfigSession } from './config-session.ts';
import { EncodedSteps } from './encoded-steps.ts';
import { FleetSignals } from '../fleet/fleet-signals.ts';
import { LinkInstancesRepository } from './link-instances.repository.ts';
import type { LinkExchange, LinkPeer } from './link-request.ts';
import { PoolGroups } from './pool-groups.ts';
import { Revocations } from '../fleet/revocations.ts';

const commandLifetimeMs = 60_000;

/** The config streams that are open on this instance of the service. */
@Injectable()
export class ConfigSessions {
  readonly #sessions = new Set<ConfigSession>();
  readonly #generations = new Map<string, number>();

  constructor(
    @Inject(CONFIG_FEED) feed: ConfigFeed,
    @Inject(EncodedSteps) private readonly steps: EncodedSteps,
    @Inject(PoolGroups) private readonly poolGroups: PoolGroups,
    @Inject(LinkInstancesRepository) private readonly instances: LinkInstancesRepository,
    @Inject(Revocations) revocations: Revocations,
    @Inject(FleetSignals) signals: FleetSignals,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    feed.onChange((notice) => {
      if (notice.kind === 'pool') void this.#regroup(notice.poolId);
      else this.#changed(notice.groupId, (session) => session.markDue(notice.groupId, notice.sequence));
    });
    revocations.onRevoked((dataPlaneId) => this.#of(dataPlaneId).forEach((session) => session.close()));
    signals.onSignal((signal) => {
      if (signal.kind !== 'command') return;
      this.#of(signal.dataPlaneId).forEach((session) => session.sendCommand(signal.command));
    });
    const sessions = this.#sessions;
    new Gauge({
      name: 'tollgate_link_streams',
      help: 'Open config streams of data planes.',
      registers: [metrics],
      collect() {
        this.set(sessions.size);
      },
    });
  }

  /** Opens the stream of a data plane; it lives until either side closes it. */
  async open({ response }: LinkExchange, peer: LinkPeer, positionsOf: PositionsOf): Promise<void> {
    const instance = await this.instances.find(peer.dataPlaneId);
    if (instance === null) throw new ApiError(linkErrors.certificateRefused);
    const groups = [...(await this.poolGroups.of(peer.poolId)).keys()];
    const positions = positionsOf(groups);
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    const session = new ConfigSession(
      {
        peer,
        response,
        steps: this.steps,
        generationOf: (groupId) => this.#generations.get(groupId) ?? 0,
        onFailure: (err) => this.logger.error({ err, dataPlaneId: peer.dataPlaneId }, 'config stream failed'),
      },
      positions,
    );
    this.#sessions.add(session);
    response.once('close', () => this.#sessions.delete(session));
    session.send({ type: 'hello', protocol: linkProtocolVersion, poolId: peer.poolId });
    if (instance.isDraining) session.sendCommand(drainCommand());
    await this.#setGroups(session);
  }

  closeAll(): void {
    this.#sessions.forEach((session) => session.close());
  }

  #of(dataPlaneId: string): ConfigSession[] {
    return [...this.#sessions].filter((session) => session.peer.dataPlaneId === dataPlaneId);
  }

  #changed(groupId: string, tell: (session: ConfigSession) => void): void {
    this.#generations.set(groupId, (this.#generations.get(groupId) ?? 0) + 1);
    this.#sessions.forEach(tell);
  }

  async #regroup(poolId: string): Promise<void> {
    const ofPool = [...this.#sessions].filter((session) => session.peer.poolId === poolId);
    await Promise.all(ofPool.map((session) => this.#setGroups(session)));
  }

  async #setGroups(session: ConfigSession): Promise<void> {
    try {
      session.setGroups([...(await this.poolGroups.of(session.peer.poolId)).keys()]);
    } catch (err) {
      this.logger.warn({ err, poolId: session.peer.poolId }, 'groups of a pool could not be read');
      session.close();
    }
  }
}

/** Where the data plane stands, given the groups of its pool. */
export type PositionsOf = (groupIds: readonly string[]) => readonly GroupPosition[];

function drainCommand(): Command {
  return {
    id: newId('cmd'),
    expiresAt: new Date(Date.now() + commandLifetimeMs).toISOString(),
    action: { name: 'drain' },
  };
}
