import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { contentHash } from '@tollgate/contracts/gateway';
import type { Dependant, Page } from '@tollgate/contracts/rest';
import {
  type DraftKind,
  type DraftResource,
  draftValueSchemas,
  gatewayErrors,
  type PolicyTemplateReference,
} from '@tollgate/contracts/rest/gateway';
import { mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { GroupsRepository } from '../groups/groups.repository.ts';
import type { GroupEntity } from '../groups/group.entity.ts';
import { CallChecks } from '../stream-routes/call-checks.ts';
import { StreamChecks } from '../stream-routes/stream-checks.ts';
import { WorkspacesRepository } from '../workspaces/workspaces.repository.ts';
import { compileDraft } from './compile-draft.ts';
import { DraftDependants } from './draft-dependants.ts';
import { type DraftFilter, DraftListsRepository, type DraftPage } from './draft-lists.repository.ts';
import type { DraftResourceEntity } from './draft-resource.entity.ts';
import { auditView, toDraftResource } from './draft-resources.mapping.ts';
import { DraftResourcesRepository } from './draft-resources.repository.ts';
import { hashKeys } from './hash-keys.ts';
import { findPolicyFaults } from './policy-faults.ts';
import { isReferredTo, referencesOf } from './references.ts';
import { findUnknownFields } from './unknown-fields.ts';

/** Faults listed at most; more would not help anybody. */
const maxFaults = 50;

/** Names one resource of the draft. */
export interface DraftResourceKey {
  groupId: string;
  kind: DraftKind;
  id: string;
}

/** What a caller writes. */
export interface DraftResourceInput {
  value: Record<string, unknown>;
  /** Left out: where it is, or the default workspace for a new one. */
  workspaceId?: string | undefined;
  policyTemplate?: PolicyTemplateReference | null | undefined;
}

/** The draft of a group, resource by resource. Every write keeps references whole, so that what is drafted can be published. */
@Injectable()
export class DraftResourcesService {
  constructor(
    @Inject(DraftResourcesRepository) private readonly drafts: DraftResourcesRepository,
    @Inject(DraftListsRepository) private readonly lists: DraftListsRepository,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(DraftDependants) private readonly dependants: DraftDependants,
    @Inject(CallChecks) private readonly calls: CallChecks,
    @Inject(StreamChecks) private readonly streams: StreamChecks,
  ) {}

  async list(
    unit: UnitOfWork,
    filter: DraftFilter & { kind: DraftKind },
    page: DraftPage,
  ): Promise<Page<DraftResource>> {
    const { groupId, kind } = filter;
    await this.groups.get(unit, groupId);
    const rows = await this.lists.list(unit, filter, page);
    const uses = await this.#usesOf(unit, { groupId, kind, ids: rows.items.map(({ id }) => id) });
    return mapPage(rows, (row) => ({ ...toDraftResource(row), ...uses(row.id) }));
  }

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, key: DraftResourceKey): Promise<DraftResource> {
    const row = await this.#getRow(unit, key);
    const uses = await this.#usesOf(unit, { ...key, ids: [key.id] });
    return { ...toDraftResource(row), ...uses(key.id) };
  }

  /** Adds a resource; its id is generated unless the caller chose one. @throws ApiError `gateway.resource_id_taken` */
  async create(
    unit: UnitOfWork,
    key: { groupId: string; kind: DraftKind; id?: string | undefined },
    input: DraftResourceInput,
  ): Promise<DraftResource> {
    const id = key.id ?? idInside(key.kind, input.value) ?? newId('res');
    await this.#enterGroup(unit, key);
    const present = await this.drafts.lock(unit, { ...key, id });
    if (present !== null && present.contentHash !== null) throw new ApiError(gatewayErrors.resourceIdTaken);
    return this.#write(unit, { ...key, id }, input, present);
  }

  /** Creates or replaces a resource. @throws ApiError 428 or 412 when it exists and `ifMatch` is missing or another version. */
  async put(
    unit: UnitOfWork,
    key: DraftResourceKey,
    input: DraftResourceInput,
    ifMatch: number | undefined,
  ): Promise<DraftResource> {
    await this.#enterGroup(unit, key);
    const present = await this.drafts.lock(unit, key);
    checkVersion(present, ifMatch);
    return this.#write(unit, key, input, present);
  }

  /**
   * Removes a resource; by force also one that others refer to.
   * @returns what became of those who referred to it.
   * @throws ApiError `resource.not_found`, `resource.changed`, or `resource.in_use` with the list of those who refer to it.
   */
  async delete(
    unit: UnitOfWork,
    key: DraftResourceKey,
    { ifMatch, force }: { ifMatch: number | undefined; force: boolean },
  ): Promise<Dependant[]> {
    const row = await this.drafts.lock(unit, key);
    if (row === null || row.contentHash === null) throw new ApiError(commonErrors.notFound);
    if (row.version !== ifMatch) throw new ApiError(commonErrors.preconditionFailed);
    const dependants = force ? await this.dependants.cutLoose(unit, key) : [];
    const referrers = await this.drafts.findReferrers(unit, key);
    if (referrers.length > 0) {
      const errors = referrers.map(({ kind, id }) => ({ pointer: `/${kind}/${id}`, message: 'It refers to this.' }));
      throw new ApiError(commonErrors.inUse, { errors });
    }
    await this.drafts.removeAll(unit, key.groupId, key.kind, [key.id]);
    unit.noteChange(key.id, { before: auditView(row), after: null });
    return dependants;
  }

  /** Who refers to resources of a kind; nothing is said of kinds that nobody can refer to. */
  async #usesOf(
    unit: UnitOfWork,
    target: { groupId: string; kind: DraftKind; ids: readonly string[] },
  ): Promise<(id: string) => Pick<DraftResource, 'usedBy'>> {
    if (!isReferredTo(target.kind)) return () => ({});
    const uses = target.ids.length === 0 ? new Map<string, never>() : await this.lists.countUse(unit, target);
    return (id) => ({ usedBy: uses.get(id) ?? {} });
  }

  async #write(
    unit: UnitOfWork,
    key: DraftResourceKey,
    input: DraftResourceInput,
    present: DraftResourceEntity | null,
  ): Promise<DraftResource> {
    const { groupId, kind, id } = key;
    checkIdInside(kind, id, input.value);
    refuseWrongPolicies(kind, input.value);
    const workspaceId = kind === 'global_rule' ? null : await this.#workspaceFor(unit, groupId, input, present);
    const value = hashKeys(input.value);
    const policyTemplate = input.policyTemplate ?? null;
    const references = referencesOf(kind, value);
    const dangling = await this.drafts.findDangling(unit, groupId, workspaceId, references);
    if (dangling.length > 0) {
      const errors = dangling.map(({ field, toKind }) => ({
        pointer: `/value/${field}`,
        message: `The workspace has no ${toKind} of this id.`,
      }));
      throw new ApiError(commonErrors.invalid, { errors });
    }
    const hash = contentHash(compileDraft({ value, policyTemplate, workspaceId }));
    const importedBy = present?.importedBy ?? null;
    await this.drafts.put(unit, {
      ...key,
      workspaceId,
      value,
      policyTemplate,
      importedBy,
      contentHash: hash,
      references,
    });
    const row = await this.#getRow(unit, key);
    const wasOvertaken = row.version !== (present?.version ?? 0) + 1;
    if (wasOvertaken) throw new ApiError(commonErrors.preconditionFailed);
    await this.calls.refuseInDraft(unit, key, value);
    await this.streams.refuseInDraft(unit, key);
    unit.noteChange(id, { before: auditView(present), after: auditView(row) });
    return { ...toDraftResource(row), warnings: findUnknownFields(draftValueSchemas[kind], value) };
  }

  /** Finds the group. Stream routes are written one after the other, because each is held against all others of the group. */
  async #enterGroup(unit: UnitOfWork, { groupId, kind }: { groupId: string; kind: DraftKind }): Promise<void> {
    if (kind !== 'stream_route') await this.groups.get(unit, groupId);
    else refuseShared(await this.groups.takeTurns(unit, groupId));
  }

  /** A resource stays in its workspace as long as it is drafted or published there. */
  async #workspaceFor(
    unit: UnitOfWork,
    groupId: string,
    input: DraftResourceInput,
    present: DraftResourceEntity | null,
  ): Promise<string> {
    if (present?.workspaceId && (input.workspaceId ?? present.workspaceId) !== present.workspaceId) {
      throw new ApiError(gatewayErrors.resourceIdTaken, {
        detail: 'The id is used in another workspace of the group.',
      });
    }
    if (present?.workspaceId) return present.workspaceId;
    const workspace =
      input.workspaceId === undefined
        ? await this.workspaces.findDefault(unit, groupId)
        : await this.workspaces.find(unit, groupId, input.workspaceId);
    if (workspace !== null) return workspace.id;
    const message =
      input.workspaceId === undefined ? 'Name a workspace: none is called "default".' : 'There is no such workspace.';
    throw new ApiError(commonErrors.invalid, { errors: [{ pointer: '/workspaceId', message }] });
  }

  async #getRow(unit: UnitOfWork, key: DraftResourceKey): Promise<DraftResourceEntity> {
    const row = await this.drafts.find(unit, key);
    if (row === null) throw new ApiError(commonErrors.notFound);
    return row;
  }
}

/** The ports of a data plane that tenants share cannot belong to one of them. */
function refuseShared({ poolKind }: GroupEntity): void {
  if (poolKind === 'shared') throw new ApiError(gatewayErrors.streamsNotShared);
}

function checkVersion(present: DraftResourceEntity | null, ifMatch: number | undefined): void {
  const exists = present !== null && present.contentHash !== null;
  if (exists && ifMatch === undefined) throw new ApiError(commonErrors.preconditionRequired);
  if (ifMatch !== undefined && (!exists || present.version !== ifMatch))
    throw new ApiError(commonErrors.preconditionFailed);
}

/** The id that an object of this kind carries itself. */
function idInside(kind: DraftKind, value: Record<string, unknown>): string | undefined {
  return kind === 'consumer' && typeof value['username'] === 'string' ? value['username'] : undefined;
}

function checkIdInside(kind: DraftKind, id: string, value: Record<string, unknown>): void {
  const inside = idInside(kind, value);
  if (inside === undefined || inside === id) return;
  throw new ApiError(commonErrors.invalid, {
    errors: [{ pointer: '/value/username', message: 'It must equal the id.' }],
  });
}

function refuseWrongPolicies(kind: DraftKind, value: Record<string, unknown>): void {
  const faults = findPolicyFaults(kind, value).slice(0, maxFaults);
  if (faults.length === 0) return;
  const errors = faults.map(({ pointer, message }) => ({ pointer: `/value${pointer}`, message }));
  throw new ApiError(commonErrors.invalid, { errors });
}
