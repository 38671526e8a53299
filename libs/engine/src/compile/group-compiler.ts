import {
  contentHash,
  type GatewayGroupSettings,
  groupSettingsId,
  parseResource,
  type ResourceFault,
  type ResourceKey,
  type Sequence,
  sequenceKinds,
} from '@tollgate/contracts/gateway';
import { AddressSet } from '../matching/address-set.ts';
import { Router } from '../matching/router.ts';
import type { PolicyContext } from '../policy/define-policy.ts';
import { Pipeline } from '../policy/pipeline.ts';
import type { QuotaTable } from '../quota/quota-table.ts';
import { AccessIndex } from './access-index.ts';
import { CertificateTable } from './certificate-table.ts';
import { ChangedResources } from './changed-resources.ts';
import type { CompilerEnvironment } from './compiler-environment.ts';
import { ConsumerCompiler } from './consumer-compiler.ts';
import { poolsOf } from './create-pool.ts';
import { LevelTable } from './level-table.ts';
import type { Program } from './program.ts';
import { ProgramSources } from './program-sources.ts';
import { type ResourceName, resourceName, ResourceTable } from './resource-table.ts';
import { readResource, type ResourceText, textOf, type WrittenResource } from './resource-text.ts';
import { RouteTable } from './route-table.ts';
import { SharedState } from './shared-state.ts';
import { StoredResource } from './stored-resource.ts';
import { StreamTable } from './stream-table.ts';

/** A change of one sequence of a group. */
export interface GroupDelta {
  /** True for a full snapshot: what is not put is gone. */
  readonly isSnapshot?: boolean;
  readonly put?: readonly WrittenResource[];
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
  readonly #streams: StreamTable;
  readonly #sources: ProgramSources;
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
    const createPool = poolsOf(groupId, this.#resources, environment);
    this.#routes = new RouteTable(this.#resources, this.#levels, createPool, environment.serves);
    this.#consumers = new ConsumerCompiler(environment.registry, this.#resources, this.#levels, this.#access);
    this.#certificates = new CertificateTable(groupId, this.#resources);
    this.#streams = new StreamTable(this.#resources, { isShared: environment.isShared, createPool });
    this.#sources = new ProgramSources(this.#resources, this.#levels, this.#routes);
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
  resources(sequence: Sequence): Generator<ResourceText> {
    return this.#resources.resources(sequence);
  }

  /** Compiles a change and, when nothing in it is refused, puts it in force. */
  apply(sequence: Sequence, delta: GroupDelta): ApplyResult {
    const changed = new ChangedResources();
    const faults = this.#compile(sequence, delta, changed);
    if (faults.length > 0) return this.#refuse('invalid', faults);
    if (delta.expectedHash !== undefined && delta.expectedHash !== this.#resources.pendingHash(sequence)) {
      return this.#refuse('hash-mismatch', []);
    }
    this.#keep(changed);
    return { ok: true, hash: this.hash(sequence), program: this.#program };
  }

  /** Quotas of the group's consumers. */
  get quotas(): QuotaTable {
    return this.#access.quotas;
  }

  /** Lets go of everything the group holds. */
  dispose(): void {
    this.#routes.retireAll();
    this.#streams.retireAll();
  }

  /**
   * Compiles what a change says; notes what it touches. Routes, of which there may be very many, are read and compiled one after the other, so
   * that only one of them is there as objects at a time.
   */
  #compile(sequence: Sequence, delta: GroupDelta, changed: ChangedResources): CompileFault[] {
    const unreadable: CompileFault[] = [];
    for (const key of this.#gone(sequence, delta)) {
      this.#resources.delete(sequence, key);
      changed.add(key.kind, key.id);
    }
    const gone = [...changed.ids('route')];
    const put = delta.put ?? [];
    for (const resource of put) if (resource.kind !== 'route') this.#stage(sequence, resource, changed, unreadable);
    const faults = unreadable.length > 0 ? [] : this.#compileShared(changed);
    for (const id of gone) this.#routes.compileRoute(id, faults);
    for (const resource of put) {
      if (resource.kind !== 'route' || !this.#stage(sequence, resource, changed, unreadable)) continue;
      if (unreadable.length === 0) this.#routes.compileRoute(resource.id, faults);
    }
    if (unreadable.length > 0) return unreadable;
    return [
      ...faults,
      ...this.#routes.compileTouched(changed),
      ...this.#consumers.compile(changed),
      ...this.#certificates.compile(changed),
      ...this.#streams.compile(changed),
    ];
  }

  /** Reads a resource; false when it is refused, or is there already as it is. */
  #stage(sequence: Sequence, written: WrittenResource, changed: ChangedResources, faults: CompileFault[]): boolean {
    const { kind, id } = written;
    if (!sequenceKinds[sequence].includes(kind)) {
      faults.push({ kind, id, pointer: '', message: `does not belong to the ${sequence} sequence` });
      return false;
    }
    // What is there already is not compiled again; access state is, because it counts from when it came.
    const before = sequence === 'revision' ? this.#resources.find(sequence, written) : undefined;
    const text = textOf(written);
    if (before?.text === text) return false;
    const resource = readResource(written);
    const parsed = parseResource(resource);
    if (!parsed.ok) {
      for (const fault of parsed.faults) faults.push({ kind, id, ...fault });
      return false;
    }
    const hash = contentHash(resource.value);
    if (before?.hash(written) === hash) return false;
    this.#resources.put(sequence, written, new StoredResource(text, { value: parsed.resource.value, hash }));
    changed.add(kind, id);
    return true;
  }

  /** What the delta takes away: for a snapshot, all that it does not put. */
  #gone(sequence: Sequence, { isSnapshot = false, put = [], delete: deleted = [] }: GroupDelta): ResourceKey[] {
    const isEmpty = isSnapshot ? this.#resources.count(sequence) === 0 : deleted.length === 0;
    if (isEmpty) return [];
    const kept = new Set(put.map(resourceName));
    const gone: ResourceKey[] = [];
    for (const key of isSnapshot ? this.#resources.resources(sequence) : deleted) {
      if (!kept.has(resourceName(key))) gone.push(key);
    }
    return gone;
  }

  #compileShared(changed: ChangedResources): CompileFault[] {
    return [
      ...this.#levels.compile(changed),
      ...(changed.has('global_rule') ? this.#levels.findDuplicateGlobalPolicies() : []),
      ...this.#routes.compileShared(changed),
    ];
  }

  #keep(changed: ChangedResources): void {
    const router = this.#routes.keep(this.#program?.router ?? Router.empty(), changed);
    this.#resources.keep();
    this.#levels.keep();
    this.#access.commit();
    this.#consumers.keep();
    const certificates = this.#certificates.commit();
    const streams = this.#streams.keep();
    if (changed.has('global_rule') || changed.has('plugin_metadata')) {
      this.#globalPipeline = new Pipeline(this.#levels.globalLevels());
    }
    const settings = this.#resources.get('group_settings', groupSettingsId);
    if (settings === undefined) this.#program = null;
    else this.#program = this.#assemble(settings, { router, certificates, streams });
  }

  #assemble(
    settings: GatewayGroupSettings,
    { router, certificates, streams }: Pick<Program, 'router' | 'certificates' | 'streams'>,
  ): Program {
    const isSameSettings = this.#program?.settings === settings;
    return {
      groupId: this.#groupId,
      settings,
      router,
      globalPipeline: this.#globalPipeline,
      trustedPeers:
        isSameSettings && this.#program !== null ? this.#program.trustedPeers : new AddressSet(settings.trustedProxies),
      certificates,
      streams,
      access: this.#access,
      sources: this.#sources,
      watch: null,
    };
  }

  #refuse(reason: 'invalid' | 'hash-mismatch', faults: readonly CompileFault[]): ApplyResult {
    this.#resources.discard();
    this.#levels.discard();
    this.#routes.discard();
    this.#access.discard();
    this.#consumers.discard();
    this.#certificates.discard();
    this.#streams.discard();
    return { ok: false, reason, faults };
  }
}
