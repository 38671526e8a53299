import {
  accessKinds,
  parseCredentialResourceId,
  type Plugins,
  type ResourceKey,
  type ResourceKind,
} from '@tollgate/contracts/gateway';
import { optionFaults, type PolicyRegistry } from '../policy/policy-set.ts';
import { type AccessIndex, credentialKey } from './access-index.ts';
import type { ChangedResources } from './changed-resources.ts';
import type { CompileFault } from './group-compiler.ts';
import type { LevelTable } from './level-table.ts';
import { type ResourceName, resourceName, type ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

/** What makes up the index: the access state but for certificates, which are no caller's. */
type IndexedKind = Exclude<(typeof accessKinds)[number], 'ssl'>;
/** In the order of the contracts: credentials stand behind the consumers that carry them. */
const indexedKinds = accessKinds.filter((kind): kind is IndexedKind => kind !== 'ssl');
/** Kinds that hold look-up keys. */
const lookupKinds = ['consumer', 'credential'] as const satisfies ResourceKind[];

const noLabels: Readonly<Record<string, string>> = Object.freeze({});

interface CredentialOwner {
  readonly key: ResourceKey;
  readonly consumerId: string;
  readonly credentialId: string | null;
  readonly plugins: Plugins;
}

/** Compiles consumers, their credentials and the rest of the access state into the {@link AccessIndex}. */
export class ConsumerCompiler {
  /** The look-up keys that a resource holds in the index. */
  readonly #lookups = new StagedMap<ResourceName, readonly string[]>();

  constructor(
    private readonly registry: PolicyRegistry,
    private readonly resources: ResourceTable,
    private readonly levels: LevelTable,
    private readonly access: AccessIndex,
  ) {}

  compile(changed: ChangedResources): CompileFault[] {
    for (const kind of lookupKinds) for (const id of changed.ids(kind)) this.#releaseLookups({ kind, id });
    return indexedKinds.flatMap((kind) => [...changed.ids(kind)].flatMap((id) => this.#compileOne({ kind, id })));
  }

  keep(): void {
    this.#lookups.keep();
  }

  discard(): void {
    this.#lookups.discard();
  }

  #compileOne(key: { kind: IndexedKind; id: string }): CompileFault[] {
    const { kind, id } = key;
    switch (kind) {
      case 'consumer':
        return this.#compileConsumer(key);
      case 'credential':
        return this.#compileCredential(key);
      case 'consumer_group':
        if (this.resources.get(kind, id) === undefined) this.access.groupPolicies.delete(id);
        else this.access.groupPolicies.set(id, { levels: [this.levels.get(kind, id)] });
        return [];
      case 'product_binding':
        replace(this.access.bindings, id, this.resources.get(kind, id));
        return [];
      case 'revocation':
        replace(this.access.revocations, id, this.resources.get(kind, id));
        return [];
      case 'suspension':
        replace(this.access.suspensions, id, this.resources.get(kind, id));
        return [];
      case 'quota_lease':
        replace(this.access.quotas.leases, id, this.resources.get(kind, id));
        return [];
    }
  }

  #compileConsumer(key: ResourceKey): CompileFault[] {
    const consumer = this.resources.get('consumer', key.id);
    if (consumer === undefined) {
      this.access.consumers.delete(key.id);
      return [];
    }
    const policies = this.levels.get('consumer', key.id);
    this.access.consumers.set(key.id, {
      id: key.id,
      consumerGroupId: consumer.group_id ?? null,
      labels: consumer.labels ?? noLabels,
      policies: policies.size === 0 ? null : policies,
    });
    return this.#fileLookups({ key, consumerId: key.id, credentialId: null, plugins: consumer.plugins ?? {} });
  }

  #compileCredential(key: ResourceKey): CompileFault[] {
    const credential = this.resources.get('credential', key.id);
    const ids = parseCredentialResourceId(key.id);
    if (credential === undefined || ids === null) return [];
    const unknown = Object.keys(credential.plugins).filter(
      (name) => this.registry.find(name)?.credential === undefined,
    );
    if (unknown.length > 0) {
      return unknown.map((name) => ({
        ...key,
        pointer: `/plugins/${name}`,
        message: `"${name}" is no authentication policy of this data plane`,
      }));
    }
    return this.#fileLookups({ key, ...ids, plugins: credential.plugins });
  }

  #fileLookups({ key, consumerId, credentialId, plugins }: CredentialOwner): CompileFault[] {
    const owner = resourceName(key);
    const filed: string[] = [];
    const faults: CompileFault[] = [];
    for (const [name, { _meta, ...options }] of Object.entries(plugins)) {
      const definition = this.registry.find(name)?.credential;
      if (definition === undefined) continue;
      try {
        const lookup = credentialKey(name, definition.lookupKeyOf(options));
        const holder = this.access.credentials.get(lookup)?.owner;
        if (holder !== undefined && holder !== owner) throw new Error(`${holder} has the same credential`);
        this.access.credentials.set(lookup, { owner, consumerId, credentialId, options, known: null });
        filed.push(lookup);
      } catch (cause) {
        faults.push(...optionFaults(cause, ['plugins', name]).map((fault) => ({ ...key, ...fault })));
      }
    }
    if (filed.length > 0) this.#lookups.set(owner, filed);
    return faults;
  }

  #releaseLookups(key: ResourceKey): void {
    const owner = resourceName(key);
    for (const lookup of this.#lookups.get(owner) ?? []) this.access.credentials.delete(lookup);
    this.#lookups.delete(owner);
  }
}

function replace<V>(table: StagedMap<string, V>, id: string, value: V | undefined): void {
  if (value === undefined) table.delete(id);
  else table.set(id, value);
}
