import type { ProductBinding, Revocation, Suspension } from '@tollgate/contracts/gateway';
import { Lanes } from '../account/lane.ts';
import type { Caller } from '../policy/call.ts';
import type { CredentialDirectory, CredentialMatch } from '../policy/define-policy.ts';
import type { CallerPolicies } from '../policy/pipeline.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { QuotaCounter } from '../quota/quota-counter.ts';
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
  /** The caller that it leads to, and the consumer that was made of: kept while the consumer stays the same. */
  known: { readonly consumer: CompiledConsumer; readonly caller: KnownCaller } | null;
}

/** Whether the callers of a route must belong to certain consumer groups. */
export type BindingCheck = 'pass' | 'credential-required' | 'other-product';

/** What the access state says of a caller. */
export interface CallerStanding {
  /** What refuses the caller's calls for now. */
  readonly suspension: Suspension | undefined;
  /** The caller belongs to a consumer group that this data plane does not have. */
  readonly lacksGroup: boolean;
  /** The policies that the caller brings along; null when there are none. */
  readonly policies: CallerPolicies | null;
  readonly quota: QuotaCounter | undefined;
}

/** Of callers of whom there is nothing to say: one for all, because it costs less to look at. */
const plainStanding: CallerStanding = { suspension: undefined, lacksGroup: false, policies: null, quota: undefined };

/** A caller that a credential has led to; what is known about it is looked up once per change of the access state. */
export class KnownCaller implements Caller {
  /** Where its calls are counted. */
  readonly lanes = new Lanes();
  standing: CallerStanding | null = null;
  standingVersion = 0;
  readonly consumerId: string;
  readonly consumerGroupId: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly credentialId: string | null;

  constructor({ id, consumerGroupId, labels }: CompiledConsumer, credentialId: string | null) {
    this.consumerId = id;
    this.consumerGroupId = consumerGroupId;
    this.labels = labels;
    this.credentialId = credentialId;
  }
}

/**
 * Who may call what, now. Calls under way see changes at once, as access state demands; in all else a call keeps to the
 * route it has matched.
 */
export class AccessIndex {
  readonly consumers = new StagedMap<string, CompiledConsumer>();
  /** By {@link credentialKey}. */
  readonly credentials = new StagedMap<string, CredentialEntry>();
  /** Policies of consumer groups, by group id. */
  readonly groupPolicies = new StagedMap<string, CallerPolicies>();
  readonly bindings = new StagedMap<string, ProductBinding>();
  readonly revocations = new StagedMap<string, Revocation>();
  readonly suspensions = new StagedMap<string, Suspension>();
  readonly quotas: QuotaTable;
  /** Where calls without a route and a consumer are counted. */
  readonly lanes = new Lanes();
  readonly #overlays = new WeakMap<PolicySet, { group: CallerPolicies | undefined; overlay: CallerPolicies }>();
  readonly #directories = new Map<string, { version: number; find: CredentialDirectory['find'] }>();
  /** Raised by every change, so that what was looked up before is looked up again. */
  #version = 1;
  #bindings = indexBindings([]);
  #revoked = indexRevocations([]);
  #suspended = indexSuspensions([]);

  constructor(quota: QuotaEnvironment) {
    this.quotas = new QuotaTable(quota);
  }

  /** The credentials of one authentication policy; all its instances get the same directory. */
  directory(policyName: string): CredentialDirectory {
    let directory = this.#directories.get(policyName);
    if (directory === undefined) {
      directory = { version: this.#version, find: (lookupKey) => this.#find(policyName, lookupKey) };
      this.#directories.set(policyName, directory);
    }
    return directory;
  }

  /** What refuses all calls of the group for now. */
  groupSuspension(): Suspension | undefined {
    return this.#suspended.group;
  }

  standingOf(caller: Caller): CallerStanding {
    if (!(caller instanceof KnownCaller)) return this.#lookUp(caller);
    if (caller.standing === null || caller.standingVersion !== this.#version) {
      caller.standing = this.#lookUp(caller);
      caller.standingVersion = this.#version;
    }
    return caller.standing;
  }

  /** The implicit consumer restriction of products that name the route or its service. */
  checkBinding({ identity }: CompiledRoute, caller: Caller | null): BindingCheck {
    const { byRoute, byService } = this.#bindings;
    if (byRoute.size === 0 && byService.size === 0) return 'pass';
    const ofRoute = byRoute.get(identity.id);
    const ofService = identity.serviceId === null ? undefined : byService.get(identity.serviceId);
    if (ofRoute === undefined && ofService === undefined) return 'pass';
    const bindings = [...(ofRoute ?? []), ...(ofService ?? [])];
    if (caller === null) return bindings.some(({ keyless }) => keyless) ? 'pass' : 'credential-required';
    const group = caller.consumerGroupId;
    const isMember = group !== null && bindings.some(({ consumerGroupIds }) => consumerGroupIds.includes(group));
    return isMember || bindings.some(({ keyless }) => keyless) ? 'pass' : 'other-product';
  }

  commit(): void {
    this.#version++;
    for (const directory of this.#directories.values()) directory.version = this.#version;
    this.consumers.keep();
    this.credentials.keep();
    this.groupPolicies.keep();
    this.quotas.commit();
    if (this.bindings.commit().length > 0) this.#bindings = indexBindings(this.bindings.entries());
    if (this.revocations.commit().length > 0) this.#revoked = indexRevocations(this.revocations.entries());
    if (this.suspensions.commit().length > 0) this.#suspended = indexSuspensions(this.suspensions.entries());
  }

  discard(): void {
    for (const table of [this.consumers, this.credentials, this.groupPolicies]) table.discard();
    for (const table of [this.bindings, this.revocations, this.suspensions, this.quotas]) table.discard();
  }

  #lookUp(caller: Caller): CallerStanding {
    const { consumerId, consumerGroupId } = caller;
    const suspension = this.#suspended.byConsumer.get(consumerId);
    const lacksGroup = consumerGroupId !== null && this.groupPolicies.get(consumerGroupId) === undefined;
    const policies = this.#policiesOf(caller);
    const quota = this.quotas.find(consumerId);
    const isPlain = suspension === undefined && !lacksGroup && policies === null && quota === undefined;
    return isPlain ? plainStanding : { suspension, lacksGroup, policies, quota };
  }

  #policiesOf(caller: Caller): CallerPolicies | null {
    const own = this.consumers.get(caller.consumerId)?.policies ?? null;
    const group = caller.consumerGroupId === null ? undefined : this.groupPolicies.get(caller.consumerGroupId);
    if (own === null) return group ?? null;
    const known = this.#overlays.get(own);
    if (known !== undefined && known.group === group) return known.overlay;
    const overlay = { levels: [own, ...(group?.levels ?? [])] };
    this.#overlays.set(own, { group, overlay });
    return overlay;
  }

  #find(policyName: string, lookupKey: string): CredentialMatch | undefined {
    if (this.#revoked.keys.has(lookupKey)) return { state: 'revoked' };
    const entry = this.credentials.get(credentialKey(policyName, lookupKey));
    const consumer = entry === undefined ? undefined : this.consumers.get(entry.consumerId);
    if (entry === undefined || consumer === undefined) return undefined;
    const { credentialId, consumerId, options } = entry;
    const { credentials } = this.#revoked;
    if (credentialId !== null && credentials.size > 0) {
      const isRevoked = credentials.has(credentialId) || credentials.has(`${consumerId}/credentials/${credentialId}`);
      if (isRevoked) return { state: 'revoked' };
    }
    if (entry.known?.consumer !== consumer) entry.known = { consumer, caller: new KnownCaller(consumer, credentialId) };
    return { state: 'active', caller: entry.known.caller, options };
  }
}

/** What a credential of an authentication policy is filed under. */
export function credentialKey(policyName: string, lookupKey: string): string {
  return `${policyName} ${lookupKey}`;
}

type Entries<V> = Iterable<readonly [string, V]>;

interface BindingIndex {
  readonly byRoute: ReadonlyMap<string, readonly ProductBinding[]>;
  readonly byService: ReadonlyMap<string, readonly ProductBinding[]>;
}

function indexBindings(bindings: Entries<ProductBinding>): BindingIndex {
  const byRoute = new Map<string, ProductBinding[]>();
  const byService = new Map<string, ProductBinding[]>();
  for (const [, binding] of bindings) {
    for (const id of binding.routeIds) byRoute.set(id, [...(byRoute.get(id) ?? []), binding]);
    for (const id of binding.serviceIds) byService.set(id, [...(byService.get(id) ?? []), binding]);
  }
  return { byRoute, byService };
}

interface RevocationIndex {
  /** SHA-256 of keys. */
  readonly keys: ReadonlySet<string>;
  /** Ids of credentials, alone or with their consumer. */
  readonly credentials: ReadonlySet<string>;
}

function indexRevocations(revocations: Entries<Revocation>): RevocationIndex {
  const keys = new Set<string>();
  const credentials = new Set<string>();
  for (const [, { subject }] of revocations) {
    if (subject.type === 'key') keys.add(subject.keySha256);
    if (subject.type === 'credential') credentials.add(subject.credentialId);
  }
  return { keys, credentials };
}

interface SuspensionIndex {
  readonly group: Suspension | undefined;
  readonly byConsumer: ReadonlyMap<string, Suspension>;
}

function indexSuspensions(suspensions: Entries<Suspension>): SuspensionIndex {
  let group: Suspension | undefined;
  const byConsumer = new Map<string, Suspension>();
  for (const [, suspension] of suspensions) {
    const { subject } = suspension;
    if (subject.type === 'group') group = suspension;
    if (subject.type === 'consumer') byConsumer.set(subject.consumerId, suspension);
  }
  return { group, byConsumer };
}
