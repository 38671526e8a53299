import type { ProductBinding, Revocation, Suspension } from '@tollgate/contracts/gateway';
import type { Caller } from '../policy/call.ts';
import type { CredentialDirectory, CredentialMatch } from '../policy/define-policy.ts';
import type { CallerPolicies } from '../policy/pipeline.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { type QuotaEnvironment, QuotaTable } from '../quota/quota-table.ts';
import type { CompiledRoute } from './compiled-route.ts';
import { StagedMap } from './staged-map.ts';

/** A consumer ready for calls. */
export interface CompiledConsumer {
  readonly id: string;
  readonly consumerGroupId: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Its own policies apart from authentication; null when it has none. */
  readonly policies: PolicySet | null;
}

/** Where a look-up key of an authentication policy leads. */
export interface CredentialEntry {
  /** The consumer or credential that carries it, as `kind/id`. */
  readonly owner: string;
  readonly consumerId: string;
  readonly credentialId: string | null;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Whether the callers of a route must belong to certain consumer groups. */
export type BindingCheck = 'pass' | 'credential-required' | 'other-product';

/**
 * Who may call what, now. Calls under way see changes at once, as access state demands; in all else a call keeps to the
 * route it has matched.
 */
export class AccessIndex {
  readonly consumers = new StagedMap<string, CompiledConsumer>();
  /** By `policy lookupKey`. */
  readonly credentials = new StagedMap<string, CredentialEntry>();
  /** Policies of consumer groups, by group id. */
  readonly groupPolicies = new StagedMap<string, CallerPolicies>();
  readonly bindings = new StagedMap<string, ProductBinding>();
  readonly revocations = new StagedMap<string, Revocation>();
  readonly suspensions = new StagedMap<string, Suspension>();
  readonly quotas: QuotaTable;
  readonly #overlays = new WeakMap<PolicySet, { group: CallerPolicies | undefined; overlay: CallerPolicies }>();
  #bindingsByTarget = new Map<string, ProductBinding[]>();
  #revoked = new Set<string>();
  #suspended = new Map<string, Suspension>();

  constructor(quota: QuotaEnvironment) {
    this.quotas = new QuotaTable(quota);
  }

  /** The credentials of one authentication policy. */
  directory(policyName: string): CredentialDirectory {
    return { find: (lookupKey) => this.#find(policyName, lookupKey) };
  }

  /** The policies that a caller brings along; null when there are none. */
  policiesOf(caller: Caller): CallerPolicies | null {
    const own = this.consumers.get(caller.consumerId)?.policies ?? null;
    const group = caller.consumerGroupId === null ? undefined : this.groupPolicies.get(caller.consumerGroupId);
    if (own === null) return group ?? null;
    const known = this.#overlays.get(own);
    if (known !== undefined && known.group === group) return known.overlay;
    const overlay = { levels: [own, ...(group?.levels ?? [])] };
    this.#overlays.set(own, { group, overlay });
    return overlay;
  }

  hasGroup(consumerGroupId: string): boolean {
    return this.groupPolicies.get(consumerGroupId) !== undefined;
  }

  /** What refuses all calls of the group for now. */
  groupSuspension(): Suspension | undefined {
    return this.#suspended.get('group');
  }

  suspensionOf(caller: Caller): Suspension | undefined {
    return this.#suspended.get(`consumer ${caller.consumerId}`);
  }

  /** The implicit consumer restriction of products that name the route or its service. */
  checkBinding({ identity }: CompiledRoute, caller: Caller | null): BindingCheck {
    const byRoute = this.#bindingsByTarget.get(`route ${identity.id}`);
    const byService =
      identity.serviceId === null ? undefined : this.#bindingsByTarget.get(`service ${identity.serviceId}`);
    if (byRoute === undefined && byService === undefined) return 'pass';
    const bindings = [...(byRoute ?? []), ...(byService ?? [])];
    if (caller === null) return bindings.some(({ keyless }) => keyless) ? 'pass' : 'credential-required';
    const group = caller.consumerGroupId;
    const isMember = group !== null && bindings.some(({ consumerGroupIds }) => consumerGroupIds.includes(group));
    return isMember || bindings.some(({ keyless }) => keyless) ? 'pass' : 'other-product';
  }

  commit(): void {
    this.consumers.commit();
    this.credentials.commit();
    this.groupPolicies.commit();
    this.quotas.commit();
    if (this.bindings.commit().length > 0) this.#bindingsByTarget = indexBindings(this.bindings);
    if (this.revocations.commit().length > 0) this.#revoked = indexRevocations(this.revocations);
    if (this.suspensions.commit().length > 0) this.#suspended = indexSuspensions(this.suspensions);
  }

  discard(): void {
    for (const table of [this.consumers, this.credentials, this.groupPolicies]) table.discard();
    for (const table of [this.bindings, this.revocations, this.suspensions, this.quotas]) table.discard();
  }

  #find(policyName: string, lookupKey: string): CredentialMatch | undefined {
    if (this.#revoked.has(`key ${lookupKey}`)) return { state: 'revoked' };
    const entry = this.credentials.get(`${policyName} ${lookupKey}`);
    const consumer = entry === undefined ? undefined : this.consumers.get(entry.consumerId);
    if (entry === undefined || consumer === undefined) return undefined;
    if (entry.credentialId !== null && this.#isCredentialRevoked(entry)) return { state: 'revoked' };
    const { id: consumerId, consumerGroupId, labels } = consumer;
    return {
      state: 'active',
      caller: { consumerId, consumerGroupId, labels, credentialId: entry.credentialId },
      options: entry.options,
    };
  }

  #isCredentialRevoked({ consumerId, credentialId }: CredentialEntry): boolean {
    return (
      this.#revoked.has(`credential ${credentialId}`) ||
      this.#revoked.has(`credential ${consumerId}/credentials/${credentialId}`)
    );
  }
}

function indexBindings(bindings: StagedMap<string, ProductBinding>): Map<string, ProductBinding[]> {
  const byTarget = new Map<string, ProductBinding[]>();
  for (const [, binding] of bindings.entries()) {
    const targets = [
      ...binding.routeIds.map((id) => `route ${id}`),
      ...binding.serviceIds.map((id) => `service ${id}`),
    ];
    for (const target of targets) byTarget.set(target, [...(byTarget.get(target) ?? []), binding]);
  }
  return byTarget;
}

function indexRevocations(revocations: StagedMap<string, Revocation>): Set<string> {
  const revoked = new Set<string>();
  for (const [, { subject }] of revocations.entries()) {
    if (subject.type === 'key') revoked.add(`key ${subject.keySha256}`);
    if (subject.type === 'credential') revoked.add(`credential ${subject.credentialId}`);
  }
  return revoked;
}

function indexSuspensions(suspensions: StagedMap<string, Suspension>): Map<string, Suspension> {
  const suspended = new Map<string, Suspension>();
  for (const [, suspension] of suspensions.entries()) {
    const { subject } = suspension;
    if (subject.type === 'group') suspended.set('group', suspension);
    if (subject.type === 'consumer') suspended.set(`consumer ${subject.consumerId}`, suspension);
  }
  return suspended;
}
