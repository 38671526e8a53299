import type { TracedPolicy } from '@tollgate/contracts/dataplane';
import { CallState } from '../execute/call-state.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { Call, Eventual, ResponseHead, Verdict } from '../policy/call.ts';
import type { PolicyHandlers } from '../policy/define-policy.ts';

/** What is known of a policy before it runs. */
export type PolicyAtWork = Pick<TracedPolicy, 'name' | 'source' | 'phase'>;

/** Who is told what policies do. */
export interface PolicyWatcher {
  /** A policy begins to work; what is returned is filled in when it has. */
  began(name: string, phase: TracedPolicy['phase'], call: CallState): TracedPolicy;
  gave(verdict: Verdict, policy: string): void;
}

/** The functions of a policy, each of which tells `watcher` what it did. They are the same functions: what they count is counted. */
export function watchHandlers(name: string, handlers: PolicyHandlers, watcher: PolicyWatcher): PolicyHandlers {
  const { onRewrite, onRequest, onRequestBody, onResponse, onResponseBody } = handlers;
  const inbound = (phase: TracedPolicy['phase'], call: Call, work: () => Eventual<Verdict | undefined | void>) =>
    watchWork({ name, phase, call, head: null, watcher }, work);
  const outbound = (phase: TracedPolicy['phase'], call: Call, head: ResponseHead, work: () => Eventual<void>) =>
    watchWork({ name, phase, call, head, watcher }, work);
  return {
    ...handlers,
    ...(onRewrite === undefined ? {} : { onRewrite: (call: Call) => inbound('rewrite', call, () => onRewrite(call)) }),
    ...(onRequest === undefined ? {} : { onRequest: (call: Call) => inbound('request', call, () => onRequest(call)) }),
    ...(onRequestBody === undefined
      ? {}
      : {
          onRequestBody: (call: Call, body: Buffer) => inbound('request-body', call, () => onRequestBody(call, body)),
        }),
    ...(onResponse === undefined
      ? {}
      : {
          onResponse: (call: Call, head: ResponseHead) =>
            outbound('response', call, head, () => onResponse(call, head)),
        }),
    ...(onResponseBody === undefined
      ? {}
      : {
          onResponseBody: (call: Call, head: ResponseHead, body: Buffer) =>
            outbound('response-body', call, head, () => onResponseBody(call, head, body)),
        }),
  };
}

interface Work {
  readonly name: string;
  readonly phase: TracedPolicy['phase'];
  readonly call: Call;
  /** Of the answer, on its way out. */
  readonly head: ResponseHead | null;
  readonly watcher: PolicyWatcher;
}

function watchWork<T extends Verdict | undefined | void>(
  { name, phase, call, head, watcher }: Work,
  work: () => Eventual<T>,
): Eventual<T> {
  if (!(call instanceof CallState)) return work();
  const entry = watcher.began(name, phase, call);
  const before = lookAt(call, head);
  const startedAt = performance.now();
  const ended = (verdict: T): T => {
    entry.durationMs = sinceMs(startedAt);
    Object.assign(entry, differences(before, lookAt(call, head)));
    if (entry.requestHeaders.length + entry.responseHeaders.length + entry.rewrote.length > 0)
      entry.outcome = 'changed';
    if (verdict !== undefined) noteVerdict(entry, verdict);
    if (verdict !== undefined) watcher.gave(verdict, name);
    return verdict;
  };
  const failed = (cause: unknown): never => {
    entry.durationMs = sinceMs(startedAt);
    entry.outcome = 'failed';
    throw cause;
  };
  try {
    const result = work();
    return result instanceof Promise ? result.then(ended, failed) : ended(result);
  } catch (cause) {
    return failed(cause);
  }
}

function noteVerdict(entry: TracedPolicy, verdict: Verdict): void {
  entry.status = verdict.status;
  entry.outcome = verdict.kind === 'reject' ? 'refused' : 'answered';
  if (verdict.kind === 'reject') {
    entry.code = verdict.error.code;
    entry.detail = verdict.detail.slice(0, 1000);
  }
}

/** What policies can change of a call and its answer. */
interface Looks {
  readonly request: ReadonlyMap<string, string> | null;
  /** The fields as they came, to compare with. */
  readonly cameAs: () => ReadonlyMap<string, string>;
  readonly added: ReadonlyMap<string, string>;
  readonly answer: ReadonlyMap<string, string>;
  readonly method: string;
  readonly target: string;
  readonly host: string | null;
  readonly body: unknown;
  readonly status: number | null;
  readonly answerBody: unknown;
  readonly isKnown: boolean;
}

/** Looks at a call without touching it: a request that no policy has looked at goes out as it came. */
function lookAt(call: CallState, head: ResponseHead | null): Looks {
  const { changedRequest } = call;
  const list = changedRequest?.list ?? null;
  return {
    request: list === null ? null : fieldsOf(list),
    cameAs: () => fieldsOf(call.block.toList()),
    added: call.addedHeaders === null ? new Map() : fieldsOf(call.addedHeaders),
    answer: head === null ? new Map() : fieldsOf(head.headers),
    method: changedRequest?.method ?? call.method,
    target: changedRequest?.target ?? call.target,
    host: changedRequest?.host ?? null,
    body: changedRequest?.body ?? null,
    status: head?.status ?? null,
    answerBody: head?.body ?? null,
    isKnown: call.caller !== null,
  };
}

function differences(
  before: Looks,
  after: Looks,
): Pick<TracedPolicy, 'requestHeaders' | 'responseHeaders' | 'rewrote' | 'authenticated'> {
  const requestHeaders = after.request === null ? [] : changedNames(before.request ?? before.cameAs(), after.request);
  const responseHeaders = [
    ...new Set([...changedNames(before.added, after.added), ...changedNames(before.answer, after.answer)]),
  ];
  const rewrote: TracedPolicy['rewrote'] = [];
  for (const part of ['method', 'target', 'host', 'status'] as const)
    if (before[part] !== after[part]) rewrote.push(part);
  if (before.body !== after.body || before.answerBody !== after.answerBody) rewrote.push('body');
  return { requestHeaders, responseHeaders, rewrote, authenticated: after.isKnown && !before.isKnown };
}

/** Values by lower-case name. */
function fieldsOf(list: HeaderList): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of list) {
    const key = name.toLowerCase();
    const other = fields.get(key);
    fields.set(key, other === undefined ? value : `${other}\n${value}`);
  }
  return fields;
}

function changedNames(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).slice(0, 200);
}

/** Milliseconds since a moment of the monotonic clock, to the microsecond. */
export function sinceMs(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000) / 1000;
}
