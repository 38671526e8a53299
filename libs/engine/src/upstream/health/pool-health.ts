import type { Upstream } from '@tollgate/contracts/gateway';
import type { Node } from '../../balancing/node.ts';
import type { TlsClientOptions } from '../../sockets/tls-sockets.ts';
import type { EgressSubject } from '../address-guard.ts';
import type { Resilience } from '../resilience.ts';
import { ActiveChecker } from './active-checker.ts';
import type { HealthBoard, HealthKey, NodeTrouble, NodeVerdict, WatchedNodes, WatchedSummary } from './health-board.ts';
import { updateShares } from './node-shares.ts';
import { countFinding, type Finding, newStanding, type NodeStanding, setVerdict } from './node-standing.ts';
import { PassiveCheck } from './passive-check.ts';
import type { ProbeServices } from './probe.ts';
import { ProbeRequest } from './probe-request.ts';
import type { ProbeSlots } from './probe-slots.ts';

/** What health works with in an engine. */
export interface HealthServices {
  readonly board: HealthBoard;
  /** Null = others probe, and verdicts come by the board. */
  readonly probing: { readonly services: ProbeServices; readonly slots: ProbeSlots } | null;
}

/** Whose health it is. */
export interface PoolHealthOptions {
  readonly key: HealthKey;
  readonly checks: Upstream['checks'];
  readonly tls: TlsClientOptions | null;
  /** The settings in force; they may change at any time. */
  readonly resilience: () => Resilience;
  readonly subjectOf: (node: Node) => EgressSubject;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Null where configuration is only checked. */
  readonly services: HealthServices | null;
}

/** Which nodes of an upstream get calls, and how many: verdicts of checks, ejection, slow start. */
export class PoolHealth implements WatchedNodes {
  readonly key: HealthKey;
  readonly #options: PoolHealthOptions;
  readonly #passive: PassiveCheck | null;
  readonly #probeRequest: ProbeRequest | null;
  #checker: ActiveChecker | null = null;
  #nodes: readonly Node[] = [];
  #standings = new Map<string, NodeStanding>();
  #timer: NodeJS.Timeout | undefined;
  #isRetired = false;

  /** Throws an Error with a reason for people when the checks cannot be done as they are written. */
  constructor(options: PoolHealthOptions) {
    this.#options = options;
    this.key = options.key;
    const { active, passive } = options.checks ?? {};
    this.#passive = passive === undefined ? null : new PassiveCheck(passive);
    this.#probeRequest = active === undefined ? null : new ProbeRequest(active, options.tls);
  }

  /** What is known about each node, by name. */
  get standings(): ReadonlyMap<string, NodeStanding> {
    return this.#standings;
  }

  /** True when answers of calls are to be reported. */
  get judgesCalls(): boolean {
    return this.#passive !== null;
  }

  /**
   * Begins with these nodes, or goes on with others: those that stay keep their standing, those that are new start slowly.
   * @param known what an earlier form of the same upstream knew about its nodes, by name.
   */
  setNodes(nodes: readonly Node[], known: ReadonlyMap<string, NodeStanding> = this.#standings): void {
    const isFirst = known.size === 0;
    const nowMs = performance.now();
    const standings = new Map<string, NodeStanding>();
    for (const { name } of nodes) {
      const standing = known.get(name);
      // Without probes nothing would ever take back a verdict that an earlier form of the upstream had made.
      if (standing !== undefined)
        standings.set(name, { ...standing, isHealthy: standing.isHealthy || !this.#isProbed });
      else standings.set(name, { ...newStanding(), returnedAt: isFirst ? -Infinity : nowMs });
    }
    this.#nodes = nodes;
    this.#standings = standings;
    this.#update();
    this.#watch();
  }

  /** A call was answered by the node. */
  answered(node: Node, status: number): void {
    const passive = this.#passive;
    const standing = this.#standings.get(node.name);
    if (passive === null || standing === undefined || this.#isRetired) return;
    if (status < 500) standing.failuresInRow = 0;
    else this.#countInRow(node, standing, `status ${status}`);
    if (passive.isHealthy(status)) this.#judge(node, standing, { finding: 'success', threshold: passive.successes });
    else if (passive.isUnhealthy(status)) {
      this.#judge(node, standing, { finding: 'httpFailure', threshold: passive.httpFailures });
    }
  }

  /** A call failed at the node before an answer came. */
  failed(node: Node, finding: 'tcpFailure' | 'timeout'): void {
    const passive = this.#passive;
    const standing = this.#standings.get(node.name);
    if (passive === null || standing === undefined || this.#isRetired) return;
    this.#countInRow(node, standing, finding === 'timeout' ? 'no answer in time' : 'no connection');
    const threshold = finding === 'timeout' ? passive.timeouts : passive.tcpFailures;
    this.#judge(node, standing, { finding, threshold });
  }

  takeVerdict({ node, isHealthy, reason, since }: NodeVerdict): void {
    const standing = this.#standings.get(node);
    if (standing === undefined || standing.isHealthy === isHealthy || !this.#isProbed) return;
    this.#setVerdict(standing, { isHealthy, reason, since });
  }

  summary(): WatchedSummary {
    const nowMs = performance.now();
    const troubled: NodeTrouble[] = [];
    const summary = { healthy: 0, unhealthy: 0, ejected: 0, troubled };
    for (const [node, { isHealthy, ejectedUntil, reason, since }] of this.#standings) {
      const state = isHealthy ? (ejectedUntil > nowMs ? 'ejected' : 'healthy') : 'unhealthy';
      summary[state]++;
      if (state !== 'healthy') troubled.push({ node, state, reason, since });
    }
    return summary;
  }

  /** Probing ends; shares stay as they are for the calls that still hold the nodes. */
  retire(): void {
    this.#isRetired = true;
    clearTimeout(this.#timer);
    this.#checker?.stop();
    this.#options.services?.board.unwatch(this);
  }

  /** Whether somebody probes the nodes, here or elsewhere. */
  get #isProbed(): boolean {
    return this.#probeRequest !== null;
  }

  /** Tells the board of the nodes, and begins to probe if that is done here. */
  #watch(): void {
    const { services, checks, subjectOf } = this.#options;
    if (services === null || (checks?.active === undefined && this.#passive === null)) return;
    services.board.watch(this, this.#standings.keys());
    if (this.#checker !== null || checks?.active === undefined || this.#probeRequest === null) return;
    if (services.probing === null) return;
    this.#checker = new ActiveChecker({
      ...services.probing,
      check: checks.active,
      request: this.#probeRequest,
      subjectOf,
      nodes: () => this.#nodes,
      isHealthy: ({ name }) => this.#standings.get(name)?.isHealthy ?? true,
      report: (node, finding, detail) => this.#onProbed(node, finding, detail),
    });
  }

  #onProbed(node: Node, finding: Finding, detail: string): void {
    const active = this.#options.checks?.active;
    const standing = this.#standings.get(node.name);
    if (active === undefined || standing === undefined) return;
    const { healthy, unhealthy } = active;
    const thresholds: Record<Finding, number> = {
      success: healthy.successes,
      httpFailure: unhealthy.http_failures,
      tcpFailure: unhealthy.tcp_failures,
      timeout: unhealthy.timeouts,
    };
    if (!countFinding(standing, finding, thresholds[finding])) return;
    this.#announce(node, standing, { isHealthy: finding === 'success', reason: finding === 'success' ? '' : detail });
  }

  /** A finding of a call. Without probes nothing would bring an unhealthy node back: it is ejected instead. */
  #judge(node: Node, standing: NodeStanding, { finding, threshold }: { finding: Finding; threshold: number }): void {
    if (!countFinding(standing, finding, threshold)) return;
    const isHealthy = finding === 'success';
    const reason = isHealthy ? '' : `${threshold} calls failed (${finding})`;
    if (isHealthy || this.#isProbed) this.#announce(node, standing, { isHealthy, reason });
    else this.#eject(standing, reason, this.#nodes.length);
  }

  #countInRow(node: Node, standing: NodeStanding, what: string): void {
    const { failures, maxShare } = this.#options.resilience().ejection;
    if (++standing.failuresInRow < failures || node.share === 0) return;
    const most = Math.max(1, Math.floor(maxShare * this.#nodes.length));
    this.#eject(standing, `${standing.failuresInRow} calls in a row failed, the last one with ${what}`, most);
  }

  #eject(standing: NodeStanding, reason: string, most: number): void {
    const nowMs = performance.now();
    const ejected = [...this.#standings.values()].filter(({ ejectedUntil }) => ejectedUntil > nowMs).length;
    if (standing.ejectedUntil > nowMs || ejected >= most) return;
    const { baseMs, maxMs } = this.#options.resilience().ejection;
    const isRepeated = nowMs - standing.returnedAt < maxMs;
    standing.ejections = isRepeated ? standing.ejections + 1 : 1;
    standing.ejectedUntil = nowMs + Math.min(maxMs, baseMs * standing.ejections);
    standing.failuresInRow = 0;
    setVerdict(standing, { isHealthy: true, reason, since: this.#options.now() });
    this.#update();
  }

  #announce(node: Node, standing: NodeStanding, { isHealthy, reason }: { isHealthy: boolean; reason: string }): void {
    const since = this.#options.now();
    this.#setVerdict(standing, { isHealthy, reason, since });
    const { key, services } = this.#options;
    services?.board.announce({ ...key, node: node.name, isHealthy, reason, since }, this);
  }

  #setVerdict(standing: NodeStanding, verdict: { isHealthy: boolean; reason: string; since: number }): void {
    setVerdict(standing, verdict);
    if (verdict.isHealthy) standing.returnedAt = performance.now();
    this.#update();
  }

  /** Brings shares up to date, now and whenever they change by themselves. */
  #update(): void {
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    for (const standing of this.#standings.values()) {
      if (standing.ejectedUntil === 0 || standing.ejectedUntil > nowMs) continue;
      standing.returnedAt = nowMs;
      standing.ejectedUntil = 0;
    }
    const { slowStartMs } = this.#options.resilience();
    const inMs = updateShares(this.#nodes, ({ name }) => this.#standings.get(name) ?? newStanding(), {
      nowMs,
      slowStartMs,
    });
    if (inMs !== Infinity && !this.#isRetired) this.#timer = setTimeout(() => this.#update(), inMs + 1).unref();
  }
}
