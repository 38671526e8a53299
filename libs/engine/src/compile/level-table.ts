import type { Plugins } from '@tollgate/contracts/gateway';
import type { PolicyContext } from '../policy/define-policy.ts';
import { PolicyInstances } from '../policy/policy-instances.ts';
import { compileLevel, noPolicies, type PolicyRegistry, type PolicySet } from '../policy/policy-set.ts';
import type { ChangedResources } from './changed-resources.ts';
import type { CompileFault } from './group-compiler.ts';
import { type ResourceName, resourceName, type ResourceTable } from './resource-table.ts';
import { SharedLevels } from './shared-levels.ts';
import { StagedMap } from './staged-map.ts';

const levelKinds = ['plugin_config', 'service', 'route', 'global_rule', 'consumer_group', 'consumer'] as const;
export type LevelKind = (typeof levelKinds)[number];
const commonKinds = levelKinds.filter((kind) => kind !== 'route');

/** The compiled policies of every resource that carries some. */
export class LevelTable {
  readonly #levels: Readonly<Record<LevelKind, StagedMap<string, PolicySet>>> = {
    plugin_config: new StagedMap(),
    service: new StagedMap(),
    route: new StagedMap(),
    global_rule: new StagedMap(),
    consumer_group: new StagedMap(),
    consumer: new StagedMap(),
  };

  readonly #instances = new PolicyInstances();
  readonly #sharedLevels = new SharedLevels();

  constructor(
    private readonly registry: PolicyRegistry,
    private readonly resources: ResourceTable,
    private readonly contextOf: (owner: ResourceName, policyName: string) => PolicyContext,
  ) {}

  /** Of a resource; those of a route are kept where the group is served. */
  get(kind: LevelKind, id: string): PolicySet {
    return this.#levels[kind].get(id) ?? noPolicies;
  }

  /** Whether the pending changes make other policies of it. */
  hasChanged(kind: LevelKind, id: string): boolean {
    const before = this.#levels[kind].getKept(id) ?? noPolicies;
    const after = this.get(kind, id);
    if (before === after) return false;
    return before.size !== after.size || [...after].some(([name, policy]) => before.get(name) !== policy);
  }

  /** Whether several routes may have this very set. */
  isShared(policies: PolicySet): boolean {
    return policies === noPolicies || this.#sharedLevels.has(policies);
  }

  /** The levels of all global rules, by id. */
  globalLevels(): PolicySet[] {
    return [...this.resources.ofKind('global_rule')]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id]) => this.get('global_rule', id));
  }

  /** Compiles those of all kinds but routes, which come by {@link compileOne}. */
  compile(changed: ChangedResources): CompileFault[] {
    const metadata = changed.ids('plugin_metadata');
    if (metadata.size > 0) this.#sharedLevels.clear();
    return commonKinds.flatMap((kind) => {
      const faults: CompileFault[] = [];
      for (const id of changed.ids(kind)) this.compileOne(kind, id, faults);
      if (metadata.size > 0) {
        for (const id of this.#ownersUsing(metadata, kind)) {
          if (!changed.ids(kind).has(id)) this.compileOne(kind, id, faults);
        }
      }
      return faults;
    });
  }

  /** Global rules run as one set, so a policy can stand in one of them only. */
  findDuplicateGlobalPolicies(): CompileFault[] {
    const seen = new Map<string, string>();
    const faults: CompileFault[] = [];
    for (const [id] of this.resources.ofKind('global_rule')) {
      for (const name of this.get('global_rule', id).keys()) {
        const other = seen.get(name);
        if (other === undefined) seen.set(name, id);
        else {
          const message = `global rule ${other} has this policy already`;
          faults.push({ kind: 'global_rule', id, pointer: `/plugins/${name}`, message });
        }
      }
    }
    return faults;
  }

  keep(): void {
    for (const kind of levelKinds) this.#levels[kind].keep();
  }

  discard(): void {
    for (const kind of levelKinds) this.#levels[kind].discard();
    // They may have been made with metadata that is refused.
    this.#sharedLevels.clear();
  }

  /** The policies of a resource as it is with the pending changes. */
  compileOne(kind: LevelKind, id: string, faults: CompileFault[]): void {
    const written = this.resources.get(kind, id)?.plugins;
    const plugins = kind === 'consumer' ? this.#withoutAuthentication(written) : written;
    if (plugins === undefined || isEmpty(plugins)) {
      this.#levels[kind].delete(id);
      return;
    }
    const shared = kind === 'route' ? this.#sharedLevels.find(plugins) : undefined;
    if (shared !== undefined) {
      this.#levels[kind].set(id, shared);
      return;
    }
    const owner = resourceName({ kind, id });
    const compiled = compileLevel(this.registry, {
      plugins,
      previous: this.get(kind, id),
      contextOf: (policyName) => this.contextOf(owner, policyName),
      instances: this.#instances,
      path: ['plugins'],
    });
    this.#levels[kind].set(id, compiled.policies);
    if (kind === 'route' && compiled.faults.length === 0 && this.#areStateless(compiled.policies)) {
      this.#sharedLevels.add(plugins, compiled.policies);
    }
    for (const fault of compiled.faults) faults.push({ kind, id, ...fault });
  }

  /** Nothing is kept of what has been compiled since the last change. */
  forget(kind: LevelKind, id: string): void {
    this.#levels[kind].delete(id);
  }

  #areStateless(policies: PolicySet): boolean {
    return [...policies.keys()].every((name) => this.registry.find(name)?.isStateless === true);
  }

  /** An authentication policy on a consumer is its credential, nothing that runs. */
  #withoutAuthentication(plugins: Plugins | undefined): Plugins {
    const entries = Object.entries(plugins ?? {});
    return Object.fromEntries(entries.filter(([name]) => this.registry.find(name)?.credential === undefined));
  }

  #ownersUsing(policyNames: ReadonlySet<string>, kind: LevelKind): string[] {
    return [...this.resources.ofKind(kind)]
      .filter(([, { plugins }]) => Object.keys(plugins ?? {}).some((name) => policyNames.has(name)))
      .map(([id]) => id);
  }
}

function isEmpty(plugins: Plugins): boolean {
  return Object.keys(plugins).length === 0;
}
