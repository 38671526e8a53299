import type { z } from 'zod';
import type { ErrorDefinition } from '../errors/index.ts';
import type { Permission, Principal } from '../auth/index.ts';
import type { Language } from '../languages/index.ts';
import type { ServiceName } from '../services/index.ts';
import type { ForceSpec } from './force.ts';

/**
 * Who may call an endpoint.
 * - `public`: anybody; limited tightly by address.
 * - `authenticated`: any console principal (user, service account, operator), whatever it may do.
 * - `permission`: a console principal that holds it.
 * - `developer`: a signed-in developer of a portal site; another realm altogether.
 * - `service`: another service of the control plane; such endpoints are under `/internal/v1` and in no public document.
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'developer' }
  | { readonly kind: 'service' };

export type EndpointKind = 'list' | 'get' | 'create' | 'update' | 'delete' | 'action';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type AnySchema = z.ZodType;

/** What an endpoint is, before defaults. See {@link defineEndpoint}. */
export interface EndpointSpec<P extends AnySchema, Q extends AnySchema, B extends AnySchema, R extends AnySchema> {
  service: ServiceName;
  operationId: string;
  method: HttpMethod;
  /** OpenAPI template, e.g. `/api/v1/projects/{projectId}`. */
  path: `/${string}`;
  /**
   * Decides the rules of the public API: a `list` is paged (its query extends `pageQuery`, its response is `pageOf(…)`); a `create`
   * honours Idempotency-Key; an `update` or `delete` needs If-Match; an `action` is any other POST.
   */
  kind: EndpointKind;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  /** Absent: 204 without a body. */
  response?: R;
  /** Media type of the answer; default `application/json`. `response` then describes one message of a stream. */
  responseType?: 'text/event-stream';
  /**
   * What the endpoint does to the session of a browser that sends `x-tollgate-browser: 1`: `begins` answers with a cookie in place of
   * the `token` in its response, `ends` takes the cookie away.
   */
  browserSession?: 'begins' | 'ends';
  /**
   * Set where texts of the answer are the platform’s own and come in the language of Accept-Language: JSON Pointers, with `*` for every
   * entry of a list, to English sentences that are translated on their way out. Empty where the handler goes by `call.language` itself.
   */
  inLanguages?: readonly string[];
  /** Success status; default 201 for `create`, 204 without a response, else 200. */
  status?: number;
  /** Coded errors beyond the common ones. */
  errors?: readonly ErrorDefinition[];
  /** Name of the audit entry that the change writes, `<noun>.<verb>`. Needed unless the method is GET or `access` is public. */
  audit?: string;
  /** `dryRun=true` validates and answers with the result without effect. */
  dryRun?: boolean;
  /** Set by `withForce` on a delete that takes `force=true`: what becomes of those who refer to the object. */
  force?: ForceSpec;
  /** `sensitive` for log-in, sign-up, enrolment and the like. */
  rateLimit?: 'default' | 'sensitive';
  /** Largest accepted body in bytes; default 1 MiB. */
  bodyLimitBytes?: number;
  /** Content types of an answer that is a file instead of JSON; `response` is `fileAnswer` then. */
  file?: readonly string[];
  /** Set where If-Match makes no sense although the kind asks for it; says why. */
  withoutIfMatch?: string;
  /** Set where Idempotency-Key makes no sense although the kind asks for it; says why. */
  withoutIdempotencyKey?: string;
}

export interface Endpoint<
  P extends AnySchema = AnySchema,
  Q extends AnySchema = AnySchema,
  B extends AnySchema = AnySchema,
  R extends AnySchema = AnySchema,
> extends EndpointSpec<P, Q, B, R> {
  readonly status: number;
  readonly errors: readonly ErrorDefinition[];
  readonly rateLimit: 'default' | 'sensitive';
  readonly bodyLimitBytes: number;
}

/** What a controller method gets: everything parsed, nothing raw. */
export interface EndpointCall<E extends Endpoint> {
  params: E extends Endpoint<infer P, AnySchema, AnySchema> ? z.output<P> : never;
  query: E extends Endpoint<AnySchema, infer Q, AnySchema> ? z.output<Q> : never;
  body: E extends Endpoint<AnySchema, AnySchema, infer B> ? z.output<B> : never;
  /** Absent only where the endpoint is public. */
  principal: Principal | undefined;
  /** Version named by If-Match; set on every update and delete. */
  ifMatch: number | undefined;
  dryRun: boolean;
  /** True when a delete shall happen although others refer to the object; see `withForce`. */
  force: boolean;
  requestId: string;
  /** The one of the served languages that the caller prefers. */
  language: Language;
  /** Address of the caller as far as trusted hops tell. */
  address: string;
  /** The credential exactly as sent, for endpoints that hand out or end sessions. */
  bearer: string | undefined;
}

/** What a controller method returns. An object with a `version` gets it as its ETag. */
export type EndpointResult<E extends Endpoint> =
  E extends Endpoint<AnySchema, AnySchema, AnySchema, infer R> ? z.input<R> : never;

const defined = new Map<string, Endpoint>();

/**
 * Declares an endpoint of the public or internal REST API. The declaration is the contract: controllers implement it, the OpenAPI
 * document and the client are generated from it, and the endpoint suites enumerate it.
 * @throws Error when the operation id, or method and path, are declared twice.
 */
export function defineEndpoint<
  P extends AnySchema = z.ZodUndefined,
  Q extends AnySchema = z.ZodUndefined,
  B extends AnySchema = z.ZodUndefined,
  R extends AnySchema = z.ZodUndefined,
>(spec: EndpointSpec<P, Q, B, R>): Endpoint<P, Q, B, R> {
  const endpoint: Endpoint<P, Q, B, R> = Object.freeze({
    ...spec,
    status: spec.status ?? (spec.response === undefined ? 204 : spec.kind === 'create' ? 201 : 200),
    errors: spec.errors ?? [],
    rateLimit: spec.rateLimit ?? 'default',
    bodyLimitBytes: spec.bodyLimitBytes ?? 1024 * 1024,
  });
  const shape = `${spec.method} ${spec.path.replaceAll(/\{[^}]+\}/g, '{}')}`;
  for (const other of defined.values()) {
    if (other.operationId === spec.operationId) throw new Error(`operation ${spec.operationId} is declared twice`);
    if (`${other.method} ${other.path.replaceAll(/\{[^}]+\}/g, '{}')}` === shape)
      throw new Error(`${shape} is declared twice`);
  }
  defined.set(spec.operationId, endpoint);
  return endpoint;
}

/** Every declared endpoint of the modules that were loaded, ordered by path and method. */
export function endpointCatalogue(): Endpoint[] {
  return [...defined.values()].sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1));
}
