import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { CallLane } from '../account/lane.ts';
import type { HeaderList } from '../execute/header-list.ts';

/** A value that is there already, or will be: the synchronous case stays synchronous. */
export type Eventual<T> = T | Promise<T>;

/** Applies `next` to the value, at once when it is there. */
export function andThen<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** An answer that a policy gives instead of the upstream. */
export type Verdict =
  | {
      readonly kind: 'reject';
      readonly error: ErrorDefinition;
      /** Overrides the error's own status where an option says so (`rejected_code`). */
      readonly status: number;
      readonly detail: string;
      /** The body in groups with `errorFormat: apisix`; default `{"message": detail}`. */
      readonly apisixBody: unknown;
    }
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: Buffer | string;
      /** True when the caller got the API's content (from cache or mock), so that it is billed. */
      readonly billable: boolean;
    };

/** The caller's explanation and the form that APISIX would give it. */
export interface RejectOptions {
  readonly status?: number;
  readonly apisixBody?: unknown;
}

/** Who makes a call, once a policy has found out. */
export interface Caller {
  /** The consumer's `username`: `sub_…` for subscriptions of the portal. */
  readonly consumerId: string;
  readonly consumerGroupId: string | null;
  readonly credentialId: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** The route that a call matched. */
export interface RouteIdentity {
  readonly id: string;
  readonly name: string | null;
  readonly serviceId: string | null;
}

/** What goes to the upstream; policies change it before it is sent. */
export interface UpstreamRequest {
  method: string;
  /** Path with the query string, as it will stand in the request line. */
  target: string;
  /** The Host to send; null = by `pass_host` of the upstream. */
  host: string | null;
  readonly headers: HeaderList;
  /** In place of the client's body, which was read as a whole; null = as it came. Only for `onRequestBody`. */
  body: Buffer | null;
}

/** The head of an answer on its way out, whoever made it; policies change it in `onResponse`. */
export interface ResponseHead {
  status: number;
  readonly headers: HeaderList;
  /** Null: what the upstream sends. Setting it discards the upstream's body. */
  body: Buffer | string | null;
  /** True when it came from an upstream. */
  readonly isForwarded: boolean;
}

/** What happened, known after the answer. Valid until `onLog` returns: then it tells of the next call. */
export interface Outcome {
  /** Final status; 499 where the client went away before the answer's head. */
  readonly status: number;
  readonly billable: boolean;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly latencyUs: number;
  /** Time spent waiting for the upstream's head; 0 when there was none. */
  readonly upstreamLatencyUs: number;
  /** Address of the node that answered, or null. */
  readonly node: string | null;
}

/** One call, as policies see it. Valid until its `onLog` returns. */
export interface Call {
  readonly requestId: string;
  /** When the call came, milliseconds since the epoch. */
  readonly arrivedAt: number;
  readonly groupId: string;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Lower-case, without port. */
  readonly host: string;
  /** Normalised path, still percent-encoded. */
  readonly path: string;
  /** Query string without `?`; empty when there is none. */
  readonly query: string;
  /** The peer, or what a trusted peer says the client is; IPv4 or IPv6 text. */
  readonly clientAddress: string;
  readonly route: RouteIdentity | null;
  readonly caller: Caller | null;
  /** What the calls of this caller on this route have in common. */
  readonly lane: CallLane;
  readonly upstreamRequest: UpstreamRequest;
  /** Added to the answer, whoever makes it. */
  readonly responseHeaders: HeaderList;

  /** A request header as the client sent it; repeated ones joined with `, `. */
  header(name: string): string | undefined;
  queryParameter(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** An NGINX or APISIX variable by name (`remote_addr`, `arg_x`, `http_x`, `consumer_name` …). */
  variable(name: string): string | undefined;
  /** Says who the caller is; the first policy that does so wins. */
  authenticate(caller: Caller): void;
  /** Ends the call with a coded error. */
  reject(error: ErrorDefinition, detail?: string, options?: RejectOptions): Verdict;
  /** Ends the call with an answer of the policy's own. */
  respond(answer: {
    status: number;
    headers?: readonly (readonly [string, string])[];
    body?: Buffer | string;
    billable?: boolean;
  }): Verdict;
}
