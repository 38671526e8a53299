import {
  type NodeResult,
  type policySources,
  type TracedNode,
  type TracedPolicy,
  type TryScope,
  type TryTrace,
} from '@tollgate/contracts/dataplane';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import type { CallWatch } from '../execute/call-watch.ts';
import type { Outcome, Verdict } from '../policy/call.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { findNearMisses } from './near-misses.ts';
import { sinceMs, watchHandlers } from './watch-policy.ts';

const mostPolicies = 200;
const mostNodes = 50;
const longestDetail = 1000;

const sourceKinds = {
  global_rule: 'global',
  route: 'route',
  plugin_config: 'template',
  service: 'service',
  consumer: 'consumer',
  consumer_group: 'consumer-group',
} as const satisfies Record<string, (typeof policySources)[number]>;

/** What a call that nobody has got to yet would be told as. */
const emptyTrace: TryTrace = {
  requestId: null,
  route: null,
  nearMisses: [],
  allRoutesSeen: true,
  service: null,
  upstream: null,
  consumer: null,
  policies: [],
  nodes: [],
  answeredBy: 'gateway',
  refusal: null,
  billable: false,
  totalMs: 0,
  gatewayMs: 0,
  upstreamMs: 0,
};

/** Notes what becomes of the one call of a try. */
export class Trial implements CallWatch {
  readonly #scope: TryScope | null;
  readonly #policies: TracedPolicy[] = [];
  readonly #nodes: TracedNode[] = [];
  #askedAt = 0;
  #route: CompiledRoute | null = null;
  #given: { readonly verdict: Verdict; readonly policy: string } | null = null;
  #answeredBy: TryTrace['answeredBy'] = 'gateway';
  #refusal: TryTrace['refusal'] = null;
  #end: Partial<TryTrace> = {};

  /** @param scope the routes that it may lead to; null: all. */
  constructor(scope: TryScope | null) {
    this.#scope = scope;
  }

  /** Tries of developers have a scope, the routes of their product. */
  get isCharged(): boolean {
    return this.#scope !== null;
  }

  /** The program as the call of this try shall see it. */
  watch(program: Program): Program {
    const globalPipeline = program.globalPipeline.changedBy((level) => this.#watched(level));
    return { ...program, globalPipeline, watch: this };
  }

  routed(call: CallState, route: CompiledRoute): Verdict | undefined {
    if (!this.#mayTry(route)) {
      call.match = null;
      return call.reject(engineErrors.routeNotFound);
    }
    this.#route = route;
    call.pipeline = route.pipeline.changedBy((level) => this.#watched(level));
    return undefined;
  }

  asked(node: string): void {
    this.#askedAt = performance.now();
    if (this.#nodes.length < mostNodes) this.#nodes.push({ node, result: 'pending', status: null, durationMs: 0 });
  }

  told(result: NodeResult, status: number | null): void {
    const latest = this.#nodes.at(-1);
    if (result === 'answered') this.#answeredBy = 'upstream';
    if (latest?.result === 'pending') {
      Object.assign(latest, { result, status, durationMs: sinceMs(this.#askedAt) });
    }
  }

  refused(refusal: Parameters<CallWatch['refused']>[0]): void {
    const policy = this.#given !== null && this.#given.verdict === refusal ? this.#given.policy : null;
    this.#answeredBy = policy === null ? 'gateway' : 'policy';
    if (!('error' in refusal)) return;
    const { error, status, detail } = refusal;
    this.#refusal = { policy, status, code: error.code, detail: detail.slice(0, longestDetail) };
  }

  ended(call: CallState, outcome: Outcome): void {
    const route = this.#route;
    const { sources } = call.program;
    const [total, upstream] = [outcome.latencyUs / 1000, outcome.upstreamLatencyUs / 1000];
    const isUnrouted = route === null && this.#refusal?.code === engineErrors.routeNotFound.code;
    this.#end = {
      requestId: call.requestId,
      ...(isUnrouted ? findNearMisses(this.#tryable(sources.routes()), call) : {}),
      ...(route === null ? {} : { ...sources.of(route), route: describeRoute(route, call) }),
      consumer: callerOf(call),
      billable: outcome.billable && this.isCharged,
      totalMs: total,
      upstreamMs: upstream,
      gatewayMs: Math.round((total - upstream) * 1000) / 1000,
    };
  }

  /** What has been seen so far. */
  trace(): TryTrace {
    return {
      ...emptyTrace,
      policies: this.#policies,
      nodes: this.#nodes,
      answeredBy: this.#answeredBy,
      refusal: this.#refusal,
      ...this.#end,
    };
  }

  #mayTry({ id, serviceId }: CompiledRoute): boolean {
    const scope = this.#scope;
    if (scope === null) return true;
    return scope.routeIds.includes(id) || (serviceId !== null && scope.serviceIds.includes(serviceId));
  }

  *#tryable(routes: Iterable<CompiledRoute>): Generator<CompiledRoute> {
    for (const route of routes) if (this.#mayTry(route)) yield route;
  }

  /** A level whose policies tell what they do; it hides the same policies of weaker levels as before. */
  #watched(level: PolicySet): PolicySet {
    const watcher = {
      began: (name: string, phase: TracedPolicy['phase'], call: CallState) => this.#began({ name, phase, level, call }),
      gave: (verdict: Verdict, policy: string) => {
        this.#given = { verdict, policy };
      },
    };
    const watched = [...level].map(([name, policy]) => {
      const handlers = policy.handlers === null ? null : watchHandlers(name, policy.handlers, watcher);
      return [name, { ...policy, handlers }] as const;
    });
    return new Map(watched);
  }

  #began({ name, phase, level, call }: Beginning): TracedPolicy {
    const source = call.program.sources.levelOf(level, this.#route, call.caller);
    const entry: TracedPolicy = {
      name,
      phase,
      source: source === null ? { kind: 'unknown', id: null } : { kind: sourceKinds[source.kind], id: source.id },
      outcome: 'passed',
      status: null,
      code: null,
      detail: null,
      requestHeaders: [],
      responseHeaders: [],
      rewrote: [],
      authenticated: false,
      durationMs: 0,
    };
    if (this.#policies.length < mostPolicies) this.#policies.push(entry);
    return entry;
  }
}

/** A policy of a level begins to work. */
interface Beginning {
  readonly name: string;
  readonly phase: TracedPolicy['phase'];
  readonly level: PolicySet;
  readonly call: CallState;
}

function describeRoute({ id, name }: CompiledRoute, call: CallState): TryTrace['route'] {
  return { id, name, pattern: call.match?.pattern.uri ?? '' };
}

function callerOf({ caller }: CallState): TryTrace['consumer'] {
  if (caller === null) return null;
  const { consumerId: id, consumerGroupId, credentialId, labels } = caller;
  return { id, consumerGroupId, credentialId, labels };
}
