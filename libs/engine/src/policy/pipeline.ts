import type { Call, Eventual, Outcome, ResponseHead, Verdict } from './call.ts';
import type { CompiledPolicy, PolicySet } from './policy-set.ts';

type InboundHandler = (call: Call) => Eventual<Verdict | undefined | void>;
type OutboundHandler = (call: Call, response: ResponseHead) => Eventual<void>;
type RequestBodyHandler = (call: Call, body: Buffer) => Eventual<Verdict | undefined | void>;
type ResponseBodyHandler = (call: Call, response: ResponseHead, body: Buffer) => Eventual<void>;
type LogHandler = (call: Call, outcome: Outcome) => void;

/** Makes another set of a level's policies. */
export type ChangeLevel = (level: PolicySet) => PolicySet;

/**
 * The ordered, ready-made functions of a set of policies. Levels come strongest first: a policy that stands on several
 * levels is taken from the first, and one that is disabled there is off.
 */
export class Pipeline {
  readonly #levels: readonly PolicySet[];
  readonly #rewrite: readonly InboundHandler[];
  readonly #request: readonly InboundHandler[];
  readonly #response: readonly OutboundHandler[];
  readonly #requestBody: readonly RequestBodyHandler[];
  readonly #responseBody: readonly ResponseBodyHandler[];
  readonly #log: readonly LogHandler[];
  /** Bytes of the longest body that all its policies take; Infinity: nobody looks at bodies, so they are streamed. */
  readonly requestBodyLimit: number;
  readonly responseBodyLimit: number;
  /** Made with the first caller that brings policies along: there may be as many pipelines as routes. */
  #withOverlay: WeakMap<CallerPolicies, CallerPipeline> | null = null;

  /** What levels that callers bring along go through; null: they stay as they are. */
  readonly #change: ChangeLevel | null;

  constructor(levels: readonly PolicySet[], change: ChangeLevel | null = null) {
    this.#change = change;
    this.#levels = levels;
    const policies = inOrder(levels);
    this.#rewrite = handlers(policies, 'onRewrite');
    this.#request = handlers(policies, 'onRequest');
    this.#response = handlers(policies, 'onResponse');
    this.#log = handlers(policies, 'onLog');
    this.#requestBody = handlers(policies, 'onRequestBody');
    this.#responseBody = handlers(policies, 'onResponseBody');
    this.requestBodyLimit = lowest(policies, 'onRequestBody', 'requestBodyBytes');
    this.responseBodyLimit = lowest(policies, 'onResponseBody', 'responseBodyBytes');
  }

  /** This pipeline with the caller's own policies above it; remembered per set of policies, not per caller. */
  forCaller(overlay: CallerPolicies): CallerPipeline {
    this.#withOverlay ??= new WeakMap();
    let merged = this.#withOverlay.get(overlay);
    if (merged === undefined) {
      const levels = this.#change === null ? overlay.levels : overlay.levels.map(this.#change);
      const pipeline = new Pipeline([...levels, ...this.#levels]);
      const own = new Set(levels.flatMap((level) => [...level.values()]));
      const late = inOrder([...levels, ...this.#levels]).filter((policy) => own.has(policy));
      merged = { pipeline, lateRewrite: handlers(late, 'onRewrite') };
      this.#withOverlay.set(overlay, merged);
    }
    return merged;
  }

  /** The same policies, each level as `change` makes it, and those of callers, too. This pipeline stays as it is. */
  changedBy(change: ChangeLevel): Pipeline {
    return new Pipeline(this.#levels.map(change), change);
  }

  /** Whether any policy looks at answers. */
  get looksAtAnswers(): boolean {
    return this.#response.length > 0 || this.#responseBody.length > 0;
  }

  rewrite(call: Call): Eventual<Verdict | undefined> {
    return this.#rewrite.length === 0 ? undefined : runInbound(this.#rewrite, call);
  }

  request(call: Call): Eventual<Verdict | undefined> {
    return this.#request.length === 0 ? undefined : runInbound(this.#request, call);
  }

  response(call: Call, response: ResponseHead): Eventual<void> {
    return runOutbound(this.#response, call, response, 0);
  }

  /** Shows the request's whole body, or what a policy has put in its place, to one policy after the other. */
  requestBody(call: Call, body: Buffer): Eventual<Verdict | undefined> {
    return runRequestBody(this.#requestBody, call, body, 0);
  }

  /** Shows the whole body of an answer, or what a policy has put in its place, to one policy after the other. */
  responseBody(call: Call, response: ResponseHead): Eventual<void> {
    return runOutbound(this.#responseBody.map(bodyOf), call, response, 0);
  }

  log(call: Call, outcome: Outcome): void {
    for (let index = 0; index < this.#log.length; index++) this.#log[index]!(call, outcome);
  }
}

/** The policies that a consumer and its group bring along, strongest level first. */
export interface CallerPolicies {
  readonly levels: readonly PolicySet[];
}

interface CallerPipeline {
  readonly pipeline: Pipeline;
  /** The caller's own rewrites, which could not run before the caller was known. */
  readonly lateRewrite: readonly InboundHandler[];
}

/** Runs inbound functions until one gives a verdict. */
export function runInbound(list: readonly InboundHandler[], call: Call, from = 0): Eventual<Verdict | undefined> {
  for (let index = from; index < list.length; index++) {
    const result = list[index]!(call);
    if (result === undefined) continue;
    if (!(result instanceof Promise)) return result;
    return result.then((verdict) => verdict ?? runInbound(list, call, index + 1));
  }
  return undefined;
}

function runOutbound(
  list: readonly OutboundHandler[],
  call: Call,
  response: ResponseHead,
  from: number,
): Eventual<void> {
  for (let index = from; index < list.length; index++) {
    const result = list[index]?.(call, response);
    if (result instanceof Promise) return result.then(() => runOutbound(list, call, response, index + 1));
  }
}

function runRequestBody(
  list: readonly RequestBodyHandler[],
  call: Call,
  body: Buffer,
  from: number,
): Eventual<Verdict | undefined> {
  let current = body;
  for (let index = from; index < list.length; index++) {
    const result = list[index]!(call, current);
    if (result instanceof Promise) {
      return result.then((verdict) => {
        return verdict ?? runRequestBody(list, call, call.upstreamRequest.body ?? current, index + 1);
      });
    }
    if (result !== undefined) return result;
    current = call.upstreamRequest.body ?? current;
  }
  return undefined;
}

function bodyOf(handler: ResponseBodyHandler): OutboundHandler {
  return (call, response) => handler(call, response, Buffer.from(response.body ?? ''));
}

const defaultBodyLimitBytes = 1024 * 1024;

function lowest(
  policies: readonly CompiledPolicy[],
  phase: 'onRequestBody' | 'onResponseBody',
  bytes: 'requestBodyBytes' | 'responseBodyBytes',
): number {
  const looking = policies.flatMap(({ handlers }) => (handlers?.[phase] === undefined ? [] : [handlers]));
  return Math.min(...looking.map((handlers) => handlers[bytes] ?? defaultBodyLimitBytes));
}

const noHandlers: never[] = [];

function inOrder(levels: readonly PolicySet[]): CompiledPolicy[] {
  const chosen = new Map<string, CompiledPolicy>();
  for (const level of levels) {
    for (const [name, policy] of level) if (!chosen.has(name)) chosen.set(name, policy);
  }
  return [...chosen.values()]
    .filter((policy) => policy.handlers !== null)
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
}

function handlers<K extends 'onRewrite' | 'onRequest' | 'onRequestBody' | 'onResponse' | 'onResponseBody' | 'onLog'>(
  policies: readonly CompiledPolicy[],
  phase: K,
): NonNullable<NonNullable<CompiledPolicy['handlers']>[K]>[] {
  const found = policies.flatMap(({ handlers }) => handlers?.[phase] ?? []);
  // Lists that grow have room for more, which these never need; there may be six for each of very many routes.
  return found.length === 0 ? noHandlers : found.slice();
}
