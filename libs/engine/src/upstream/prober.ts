import { defaultLimits } from '../execute/limits.ts';
import { ResponseReader } from '../http1/response-reader.ts';
import { silentMetrics } from '../metrics.ts';
import { type ChosenSockets, chooseSockets } from '../sockets/choose-sockets.ts';
import { Deadlines } from '../sockets/deadlines.ts';
import { type AddressGuard, allowAllAddresses } from './address-guard.ts';
import { Connector } from './connector.ts';
import type { HealthUpdate } from './health/health-board.ts';
import type { UpstreamEnvironment } from './upstream-environment.ts';
import { type UpstreamOptions, UpstreamSide, type UpstreamStatus } from './upstream-side.ts';

/** What probing for engines in other threads is made of. */
export interface ProberOptions extends UpstreamOptions {
  /** Default: every address is allowed. */
  readonly guard?: AddressGuard;
}

/**
 * Probes the nodes of groups that others serve: the primary of several workers has one, so that nodes are asked once per data plane and not
 * once per worker. Engines that `follow` get its verdicts, and it gets theirs.
 */
export class Prober {
  /** For the {@link Groups} whose upstreams are to be probed. */
  readonly upstreams: UpstreamEnvironment;
  readonly #side: UpstreamSide;

  constructor(options: ProberOptions, { sockets, scratch }: ChosenSockets) {
    const deadlines = new Deadlines();
    this.#side = new UpstreamSide(options, { metrics: silentMetrics, now: Date.now });
    const { names } = this.#side;
    const connector = new Connector({ sockets, scratch, deadlines, guard: options.guard ?? allowAllAddresses, names });
    const responseReader = new ResponseReader(defaultLimits.upstreamHeadLimitBytes);
    this.upstreams = this.#side.environment({ connector, deadlines, scratch, responseReader });
  }

  /** Has `listener` told of verdicts that are made here. */
  whenHealthChanged(listener: (update: HealthUpdate) => void): void {
    this.#side.board.whenChanged(listener);
  }

  /** Takes over verdicts that calls at an engine have led to. */
  applyHealth(update: HealthUpdate): void {
    this.#side.board.apply(update);
  }

  /** The nodes that are not healthy, for an engine that starts. */
  healthSnapshot(): HealthUpdate {
    return this.#side.board.snapshot();
  }

  status(): UpstreamStatus {
    return this.#side.status();
  }
}

/** Makes a prober. Few connections at a time, so it does not need the fast sockets. */
export async function createProber(options: ProberOptions): Promise<Prober> {
  return new Prober(options, await chooseSockets('net'));
}
