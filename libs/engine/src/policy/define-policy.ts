import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { z } from 'zod';
import type { CallMetrics } from '../metrics.ts';
import type { WindowTable } from '../shared-counters/window-table.ts';
import type { Call, Caller, Eventual, Outcome, ResponseHead, Verdict } from './call.ts';

/** Which side of a call a policy works on. */
export type Direction = 'inbound' | 'outbound' | 'both';

/** Whether tenants may use a policy on data planes that serve several tenants; `limited` = with the limits its page tells. */
export type SharedUse = 'allowed' | 'limited' | 'forbidden';

/** What a credential look-up can find. */
export type CredentialMatch =
  | { readonly state: 'active'; readonly caller: Caller; readonly options: Readonly<Record<string, unknown>> }
  | { readonly state: 'revoked' };

/** The credentials of one authentication policy in one group; always the newest access state. */
export interface CredentialDirectory {
  /** Raised by every change of the access state: what {@link find} has told under the same version still holds. */
  readonly version: number;
  /** By the policy's own {@link PolicyDefinition.credential} look-up key. */
  find(lookupKey: string): CredentialMatch | undefined;
}

/** What a policy gets from its surroundings when it is compiled. */
export interface PolicyContext {
  readonly groupId: string;
  /** The resource that carries the options, e.g. `route/r1`. */
  readonly owner: string;
  readonly credentials: CredentialDirectory;
  /** The policy's `plugin_metadata` of the group; empty when there is none. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly metrics: CallMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** State that instances of this policy share within the gateway group; made once per key and kept with the group. */
  readonly shared: <T extends object>(key: string, create: () => T) => T;
  /** Windows that instances of this policy count in within the gateway group, on all workers of the data plane. */
  readonly windows: () => WindowTable;
}

/**
 * The functions that run per call, in this order. Each returns at once, or a promise only where it must wait.
 * A verdict ends the inbound phases; the outbound one and the log still run.
 */
export interface PolicyHandlers {
  /** APISIX's `rewrite`: authentication and changes of the request. Runs before the caller's own policies are known. */
  onRewrite?(this: void, call: Call): Eventual<Verdict | undefined | void>;
  /** APISIX's `access`: decisions that may depend on the caller. */
  onRequest?(this: void, call: Call): Eventual<Verdict | undefined | void>;
  /**
   * The whole body of the request, empty when there is none, after `onRequest` of all policies; another one takes its place by
   * `call.upstreamRequest.body`. Without this function bodies are streamed.
   */
  onRequestBody?(this: void, call: Call, body: Buffer): Eventual<Verdict | undefined | void>;
  /** The longest body that {@link onRequestBody} takes; beyond: 413. Default 1 MiB. */
  readonly requestBodyBytes?: number;
  /** APISIX's `header_filter`: for every answer, forwarded or not. */
  onResponse?(this: void, call: Call, response: ResponseHead): Eventual<void>;
  /**
   * APISIX's `body_filter`: the whole body of an upstream's answer, if it has one, before its head is sent; another one takes its place by
   * `response.body`. Without this function bodies are streamed.
   */
  onResponseBody?(this: void, call: Call, response: ResponseHead, body: Buffer): Eventual<void>;
  /** The longest body that {@link onResponseBody} takes; beyond: 502. Default 1 MiB. */
  readonly responseBodyBytes?: number;
  /** After the answer; must not throw. */
  onLog?(this: void, call: Call, outcome: Outcome): void;
}

/** How consumers carry an authentication policy: their side of the options and what they are found by. */
export interface CredentialDefinition<C extends z.ZodType> {
  readonly schema: C;
  /** Unique within the group; never the secret itself. */
  lookupKey(options: z.output<C>): string;
}

/** A policy type. Made by {@link definePolicy}. */
export interface PolicyDefinition<S extends z.ZodType = z.ZodType, C extends z.ZodType = z.ZodType> {
  /** Name of the APISIX plugin, or ours where APISIX has none. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Higher runs earlier; no two policies are equal. APISIX's where APISIX has the plugin. */
  readonly priority: number;
  readonly direction: Direction;
  readonly shared: SharedUse;
  /**
   * True when an instance keeps nothing of its own and does not ask who its owner is: then all of a gateway group with the same options are
   * one. Default false.
   */
  readonly isStateless?: boolean;
  readonly schema: S;
  /** Every error that it answers with. */
  readonly errors: readonly ErrorDefinition[];
  /** Present on authentication policies only. */
  readonly credential?: CredentialDefinition<C>;
  /** Parses and refuses everything that can be refused; throws an Error with a reason for people. */
  compile(this: void, options: z.output<S>, context: PolicyContext): PolicyHandlers;
}

/** A policy whose option types have been forgotten, as catalogues and compilers hold it. */
export interface AnyPolicy extends Omit<PolicyDefinition, 'compile' | 'credential'> {
  readonly credential?: { readonly schema: z.ZodType; readonly lookupKeyOf: (options: unknown) => string };
  readonly compileChecked: (options: unknown, context: PolicyContext) => PolicyHandlers;
}

/** Declares a policy and binds its schema to its functions, so that these only ever see checked options. */
export function definePolicy<S extends z.ZodType, C extends z.ZodType = z.ZodType>(
  definition: PolicyDefinition<S, C>,
): AnyPolicy {
  const { credential, compile, ...rest } = definition;
  return Object.freeze({
    ...rest,
    compileChecked: (options: unknown, context: PolicyContext) => compile(rest.schema.parse(options), context),
    ...(credential === undefined
      ? {}
      : {
          credential: {
            schema: credential.schema,
            lookupKeyOf: (options: unknown) => credential.lookupKey(credential.schema.parse(options)),
          },
        }),
  });
}
