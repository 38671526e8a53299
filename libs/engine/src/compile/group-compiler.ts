import {
  type GatewayGroupSettings,
  type GatewayResource,
  groupSettingsId,
  parseResource,
  type ResourceFault,
  type ResourceKey,
  type Sequence,
  sequenceKinds,
} from '@tollgate/contracts/gateway';
import { AddressSet } from '../matching/address-set.ts';
import { HostMap } from '../matching/host-map.ts';
import { Router } from '../matching/router.ts';
import type { PolicyContext } from '../policy/define-policy.ts';
import { Pipeline } from '../policy/pipeline.ts';
import type { QuotaTable } from '../quota/quota-table.ts';
import { AccessIndex } from './access-index.ts';
import { CertificateTable } from './certificate-table.ts';
import type { CompilerEnvironment } from './compiler-environment.ts';
import { ConsumerCompiler } from './consumer-compiler.ts';
import { LevelTable } from './level-table.ts';
import type { Program } from './program.ts';
import { type ResourceName, resourceName, ResourceTable } from './resource-table.ts';
import { RouteTable } from './route-table.ts';
import { SharedState } from './shared-state.ts';

/** A change of one sequence of a group. */
export interface GroupDelta {
  /** True for a full snapshot: what is not put is gone. */
  readonly isSnapshot?: boolean;
  readonly put?: readonly GatewayResource[];
  readonly delete?: readonly ResourceKey[];
  /** The sequence's {@link GroupHash} after the change, when the sender tells it. */
  readonly expectedHash?: string;
}

/** Why a resource was refused; `kind` and `id` name it. */
export type CompileFault = ResourceKey & ResourceFault;

/** What became of a change: refused as a whole, or in force. */
export type ApplyResult =
  | { readonly ok: true; readonly hash: string; readonly program: Program | null }
  | { readonly ok: false; readonly reason: 'invalid' | 'hash-mismatch'; readonly faults: readonly CompileFault[] };

/**
 * Turns a group's resources into {@link Program}s, change by change, off the request path. A change is compiled completely
 * before any of it is kept; a refused one leaves everything as it was.
 */
export class GroupCompiler {
  readonly #groupId: string;
  readonly #resources = new ResourceTable();
  readonly #access: AccessIndex;
  readonly #shared = new SharedState();
  readonly #levels: LevelTable;
  readonly #routes: RouteTable;
  readonly #consumers: ConsumerCompiler;
  readonly #certificates: CertificateTable;
  #globalPipeline = new Pipeline([]);
  #program: Program | null = null;

  constructor(groupId: string, environment: CompilerEnvironment) {
    this.#groupId = groupId;
    this.#access = new AccessIndex(environment.quota);
    const contextOf = (owner: ResourceName, policyName: string): PolicyContext => ({
      groupId,
      owner,
      credentials: this.#access.directory(policyName),
      metadata: this.#resources.get('plugin_metadata', policyName) ?? {},
      metrics: environment.metrics,
      now: environment.now,
      shared: (key, create) => this.#shared.getOrCreate(`${policyName} ${key}`, create),
      windows: () => environment.counters.windows(policyName),
    });
    this.#levels = new LevelTable(environment.registry, this.#resources, contextOf);
    this.#routes = new RouteTable(this.#resources, this.#levels, environment.now);
    this.#consumers = new ConsumerCompiler(environment.registry, this.#resources, this.#levels, this.#access);
    this.#certificates = new CertificateTable(this.#resources);
  }

  /** Null until the group's settings have arrived. */
  get program(): Program | null {
    return this.#program;
  }

  hash(sequence: Sequence): string {
    return this.#resources.hash(sequence);
  }

  count(sequence: Sequence): number {
    return this.#resources.count(sequence);
  }

  /** The resources in force, as they came. */
  resources(sequence: Sequence): Generator<GatewayResource> {
    return this.#resources.resources(sequence);
  }

  /** Compiles a change and, when nothing in it is refused, puts it in force. */
  apply(sequence: Sequence, delta: GroupDelta): ApplyResult {
    const { changed, faults: parseFaults } = this.#stage(sequence, delta);
    const faults = parseFaults.length > 0 ? parseFaults : this.#compile(changed);
    if (faults.length > 0) return this.#refuse('invalid', faults);
    if (delta.expectedHash !== undefined && delta.expectedHash !== this.#resources.pendingHash(sequence)) {
      return this.#refuse('hash-mismatch', []);
    }
    this.#commit(changed);
    return { ok: true, hash: this.hash(sequence), program: this.#program };
  }

  /** Quotas of the group's consumers. */
  get quotas(): QuotaTable {
    return this.#access.quotas;
  }

  /** Lets go of everything the group holds. */
  dispose(): void {
    this.#routes.retireAll();
  }

  #stage(sequence: Sequence, delta: GroupDelta): { changed: Map<ResourceName, ResourceKey>; faults: CompileFault[] } {
    const changed = new Map<ResourceName, ResourceKey>();
    const faults: CompileFault[] = [];
    const put = delta.put ?? [];
    const kept = new Set(put.map(resourceName));
    const gone = delta.isSnapshot === true ? [...this.#resources.resources(sequence)] : (delta.delete ?? []);
    for (const { kind, id } of gone) {
      const key = { kind, id };
      if (kept.has(resourceName(key))) continue;
      this.#resources.delete(sequence, key);
      changed.set(resourceName(key), key);
    }
    for (const resource of put) {
      const key = { kind: resource.kind, id: resource.id };
      if (!sequenceKinds[sequence].includes(resource.kind)) {
        faults.push({ ...key, pointer: '', message: `does not belong to the ${sequence} sequence` });
        continue;
      }
      const parsed = parseResource(resource);
      if (!parsed.ok) {
        faults.push(...parsed.faults.map((fault) => ({ ...key, ...fault })));
        continue;
      }
      this.#resources.put(sequence, resource, parsed.resource);
      changed.set(resourceName(key), key);
    }
    return { changed, faults };
  }

  #compile(changed: ReadonlyMap<ResourceName, ResourceKey>): CompileFault[] {
    const keys = [...changed.values()];
    return [
      ...this.#levels.compile(keys),
      ...this.#routes.compile(keys),
      ...this.#consumers.compile(keys),
      ...this.#certificates.compile(keys),
      ...(keys.some(({ kind }) => kind === 'global_rule') ? this.#levels.findDuplicateGlobalPolicies() : []),
    ];
  }

  #commit(changed: ReadonlyMap<ResourceName, ResourceKey>): void {
    const kinds = new Set([...changed.values()].map(({ kind }) => kind));
    this.#resources.commit();
    this.#levels.commit();
    const router = this.#routes.commit(this.#program?.router ?? Router.empty());
    this.#access.commit();
    this.#consumers.commit();
    const certificates = this.#certificates.commit(this.#program?.certificates ?? HostMap.empty());
    if (kinds.has('global_rule') || kinds.has('plugin_metadata')) {
      this.#globalPipeline = new Pipeline(this.#levels.globalLevels());
    }
    const settings = this.#resources.get('group_settings', groupSettingsId);
    if (settings === undefined) this.#program = null;
    else this.#program = this.#assemble(settings, router, certificates);
  }

  #assemble(settings: GatewayGroupSettings, router: Program['router'], certificates: Program['certificates']): Program {
    const isSameSettings = this.#program?.settings === settings;
    return {
      groupId: this.#groupId,
      settings,
      router,
      globalPipeline: this.#globalPipeline,
      trustedPeers:
        isSameSettings && this.#program !== null ? this.#program.trustedPeers : new AddressSet(settings.trustedProxies),
      certificates,
      access: this.#access,
    };
  }

  #refuse(reason: 'invalid' | 'hash-mismatch', faults: readonly CompileFault[]): ApplyResult {
    this.#resources.discard();
    this.#levels.discard();
    this.#routes.discard();
    this.#access.discard();
    this.#consumers.discard();
    this.#certificates.discard();
    return { ok: false, reason, faults };
  }
}
