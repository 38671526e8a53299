import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import {
  gatewayErrors,
  maxListedChanges,
  type publishGroup,
  type RevisionOutcome,
} from '@tollgate/contracts/rest/gateway';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, principalOf, tenantOf } from '@tollgate/platform';
import { SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { WorkspacesRepository } from '../workspaces/workspaces.repository.ts';
import { DraftChangesRepository } from './draft-changes.repository.ts';
import { changesOfDraft, changesOfTemplates, referenceOf, refuseFaults } from './plan-changes.ts';
import { publisherOf } from './publisher.ts';
import { toOutcome, toRevision } from './publishing.mapping.ts';
import { RevisionWriter } from './revision-writer.ts';
import { type GroupPart, RevisionsRepository } from './revisions.repository.ts';
import { type ResolvedTemplates, templateKey, TemplateResolver } from './template-resolver.ts';

type PublishCall = EndpointCall<typeof publishGroup>;

/** How often publish starts anew because somebody attached another template while the known ones were resolved. */
const maxAttempts = 3;

/** Makes the next revision out of the draft of a workspace or of the whole group. */
@Injectable()
export class PublishService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SequenceHeadsRepository) private readonly heads: SequenceHeadsRepository,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(DraftChangesRepository) private readonly draftChanges: DraftChangesRepository,
    @Inject(RevisionsRepository) private readonly revisions: RevisionsRepository,
    @Inject(RevisionWriter) private readonly writer: RevisionWriter,
    @Inject(TemplateResolver) private readonly templates: TemplateResolver,
  ) {}

  /** @throws ApiError `gateway.stale_revision`, `gateway.configuration_invalid`, `gateway.template_unknown` */
  async publish(call: PublishCall): Promise<RevisionOutcome> {
    const tenantId = tenantOf(call);
    const part: GroupPart = { groupId: call.params.groupId, workspaceId: call.body.workspaceId ?? null };
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const uses = await this.database.inTenant(tenantId, async (unit) => {
        await this.heads.get(unit, { groupId: part.groupId, sequence: 'revision' });
        if (part.workspaceId !== null) await this.workspaces.get(unit, part.groupId, part.workspaceId);
        return this.draftChanges.findTemplates(unit, part);
      });
      const resolved = await this.templates.resolve(tenantId, distinct(uses.map(referenceOf)));
      const outcome = await this.database.inTenant(tenantId, (unit) => this.#publishWith(unit, call, part, resolved), {
        dryRun: call.dryRun,
      });
      if (outcome !== null) return outcome;
    }
    throw new ApiError(commonErrors.conflict, { detail: 'The draft keeps changing; try again.' });
  }

  /** @returns null when the draft has come to refer to a template that was not resolved. */
  async #publishWith(
    unit: UnitOfWork,
    call: PublishCall,
    part: GroupPart,
    resolved: ResolvedTemplates,
  ): Promise<RevisionOutcome | null> {
    const { groupId, workspaceId } = part;
    const head = await this.heads.lock(unit, { groupId, sequence: 'revision' });
    await this.#refuseStale(unit, part, { base: call.body.baseRevision, present: head.position });
    const uses = await this.draftChanges.findTemplates(unit, part);
    const templated = uses.flatMap((use) => {
      const template = resolved.get(templateKey(referenceOf(use)));
      return template ? [{ use, template }] : [];
    });
    if (templated.length < uses.length) return null;
    const changes = [
      ...changesOfDraft(await this.draftChanges.findAll(unit, part)),
      ...changesOfTemplates(templated, await this.draftChanges.findPluginConfigs(unit, part)),
    ];
    if (changes.length === 0) return toOutcome(toRevision(await this.revisions.get(unit, groupId, head.position)), []);
    refuseFaults(changes);
    const revision = await this.writer.append(unit, {
      groupId,
      head,
      changes,
      cause: 'publish',
      workspaceId,
      restoredRevision: null,
      note: call.body.note,
      publishedBy: publisherOf(principalOf(call)),
    });
    const details = { revision: revision.revision, workspaceId, changed: changes.length };
    await unit.audit(
      auditOf(call, { action: 'gateway-group.publish', object: { kind: 'gateway-group', id: groupId }, details }),
    );
    return toOutcome(revision, changes);
  }

  async #refuseStale(
    unit: UnitOfWork,
    part: GroupPart,
    { base, present }: { base: number; present: number },
  ): Promise<void> {
    if (base > present) {
      throw new ApiError(gatewayErrors.staleRevision, { detail: `The revision in force is ${present}.` });
    }
    const since = await this.revisions.findChangedAfter(unit, part, base, maxListedChanges);
    if (since.length === 0) return;
    const errors = since.map(({ kind, id, revision }) => ({
      pointer: `/${kind}/${id}`,
      message: `Changed by revision ${revision}.`,
    }));
    throw new ApiError(gatewayErrors.staleRevision, { detail: `The revision in force is ${present}.`, errors });
  }
}

function distinct(references: readonly ReturnType<typeof referenceOf>[]) {
  return [...new Map(references.map((reference) => [templateKey(reference), reference])).values()];
}
