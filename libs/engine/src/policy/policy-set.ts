import { canonicalJson, type Plugins, type ResourceFault } from '@tollgate/contracts/gateway';
import { jsonPointer } from '@tollgate/contracts/gateway';
import { z } from 'zod';
import type { AnyPolicy, PolicyContext, PolicyHandlers } from './define-policy.ts';
import type { PolicyInstances } from './policy-instances.ts';

/** One policy of one resource, ready to run. */
export interface CompiledPolicy {
  readonly name: string;
  readonly priority: number;
  /** Null when `_meta.disable` turns it off; it still hides the same policy on weaker levels. */
  readonly handlers: PolicyHandlers | null;
  /** Canonical text of the options: equal text means the instance, and what it counted, can be kept. */
  readonly fingerprint: string;
}

/** The policies of one level, by name. */
export type PolicySet = ReadonlyMap<string, CompiledPolicy>;

export const noPolicies: PolicySet = new Map();

/** The policies that an engine knows. */
export class PolicyRegistry {
  readonly #byName: ReadonlyMap<string, AnyPolicy>;
  readonly #isShared: boolean;

  /** On data planes that several tenants share, policies that declare themselves forbidden there are unknown. */
  constructor(policies: readonly AnyPolicy[], { isShared }: { isShared: boolean }) {
    this.#byName = new Map(policies.map((policy) => [policy.name, policy]));
    this.#isShared = isShared;
  }

  find(name: string): AnyPolicy | undefined {
    const policy = this.#byName.get(name);
    return this.#isShared && policy?.shared === 'forbidden' ? undefined : policy;
  }
}

/** What compiling a level needs to know. */
export interface LevelInput {
  readonly plugins: Plugins | undefined;
  readonly previous: PolicySet;
  readonly contextOf: (policyName: string) => PolicyContext;
  readonly instances: PolicyInstances;
  /** Where in the resource the options stand, for faults. */
  readonly path: readonly string[];
}

/** Compiles the policies of one level; instances whose options did not change are kept, with their state. */
export function compileLevel(
  registry: PolicyRegistry,
  { plugins, previous, contextOf, instances, path }: LevelInput,
): { policies: PolicySet; faults: ResourceFault[] } {
  const policies = new Map<string, CompiledPolicy>();
  const faults: ResourceFault[] = [];
  for (const [name, { _meta: meta, ...options }] of Object.entries(plugins ?? {})) {
    const definition = registry.find(name);
    if (definition === undefined) {
      faults.push({ pointer: jsonPointer([...path, name]), message: `this data plane has no policy "${name}"` });
      continue;
    }
    const context = contextOf(name);
    const fingerprint = canonicalJson([options, meta ?? null, context.metadata]);
    const kept = previous.get(name);
    if (kept?.fingerprint === fingerprint) {
      policies.set(name, kept);
      continue;
    }
    try {
      const create = (): CompiledPolicy => ({
        name,
        priority: meta?.priority ?? definition.priority,
        handlers: meta?.disable === true ? null : definition.compileChecked(options, context),
        fingerprint,
      });
      policies.set(name, definition.isStateless === true ? instances.get(name, fingerprint, create) : create());
    } catch (cause) {
      faults.push(...optionFaults(cause, [...path, name]));
    }
  }
  return { policies, faults };
}

/** The faults behind whatever a schema or a `compile` has thrown. */
export function optionFaults(cause: unknown, path: readonly string[]): ResourceFault[] {
  if (cause instanceof z.ZodError) {
    return cause.issues.map((issue) => ({ pointer: jsonPointer([...path, ...issue.path]), message: issue.message }));
  }
  return [{ pointer: jsonPointer(path), message: cause instanceof Error ? cause.message : String(cause) }];
}
