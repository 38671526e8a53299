import type { Plugins, ResourceKey, ResourceKind } from '@tollgate/contracts/gateway';
import type { PolicyContext } from '../policy/define-policy.ts';
import { compileLevel, noPolicies, type PolicyRegistry, type PolicySet } from '../policy/policy-set.ts';
import type { CompileFault } from './group-compiler.ts';
import { type ResourceName, resourceName, type ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

const levelKinds = ['plugin_config', 'service', 'route', 'global_rule', 'consumer_group', 'consumer'] as const;
type LevelKind = (typeof levelKinds)[number];

/** The compiled policies of every resource that can carry some. */
export class LevelTable {
  readonly #levels = new StagedMap<ResourceName, PolicySet>();

  constructor(
    private readonly registry: PolicyRegistry,
    private readonly resources: ResourceTable,
    private readonly contextOf: (owner: ResourceName, policyName: string) => PolicyContext,
  ) {}

  get(kind: LevelKind, id: string): PolicySet {
    return this.#levels.get(resourceName({ kind, id })) ?? noPolicies;
  }

  /** The levels of all global rules, by id. */
  globalLevels(): PolicySet[] {
    return [...this.resources.ofKind('global_rule')]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id]) => this.get('global_rule', id));
  }

  compile(changed: readonly ResourceKey[]): CompileFault[] {
    const metadata = new Set(changed.filter(({ kind }) => kind === 'plugin_metadata').map(({ id }) => id));
    const owners = changed.filter((key): key is ResourceKey & { kind: LevelKind } => isLevelKind(key.kind));
    return [...owners, ...this.#ownersUsing(metadata)].flatMap((owner) => this.#compileOne(owner));
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

  commit(): void {
    this.#levels.commit();
  }

  discard(): void {
    this.#levels.discard();
  }

  #compileOne({ kind, id }: { kind: LevelKind; id: string }): CompileFault[] {
    const owner = resourceName({ kind, id });
    const value = this.resources.get(kind, id);
    if (value === undefined) {
      this.#levels.delete(owner);
      return [];
    }
    const { policies, faults } = compileLevel(this.registry, {
      plugins: kind === 'consumer' ? this.#withoutAuthentication(value.plugins) : value.plugins,
      previous: this.#levels.get(owner) ?? noPolicies,
      contextOf: (policyName) => this.contextOf(owner, policyName),
      path: ['plugins'],
    });
    this.#levels.set(owner, policies);
    return faults.map((fault) => ({ kind, id, ...fault }));
  }

  /** An authentication policy on a consumer is its credential, nothing that runs. */
  #withoutAuthentication(plugins: Plugins | undefined): Plugins {
    const entries = Object.entries(plugins ?? {});
    return Object.fromEntries(entries.filter(([name]) => this.registry.find(name)?.credential === undefined));
  }

  #ownersUsing(policyNames: ReadonlySet<string>): { kind: LevelKind; id: string }[] {
    if (policyNames.size === 0) return [];
    return levelKinds.flatMap((kind) =>
      [...this.resources.ofKind(kind)]
        .filter(([, { plugins }]) => Object.keys(plugins ?? {}).some((name) => policyNames.has(name)))
        .map(([id]) => ({ kind, id })),
    );
  }
}

function isLevelKind(kind: ResourceKind): kind is LevelKind {
  return (levelKinds as readonly ResourceKind[]).includes(kind);
}
