import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { gatewayErrors, type RevisionOutcome, type rollBackGroup } from '@tollgate/contracts/rest/gateway';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, principalOf, tenantOf } from '@tollgate/platform';
import { SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { WorkspacesRepository } from '../workspaces/workspaces.repository.ts';
import { publisherOf } from './publisher.ts';
import { toOutcome, toRevision } from './publishing.mapping.ts';
import { RevisionWriter } from './revision-writer.ts';
import { RevisionsRepository } from './revisions.repository.ts';

type RollbackCall = EndpointCall<typeof rollBackGroup>;

/** Makes a new, higher revision with the content of an older one. The draft is kept and shows what the rollback took back. */
@Injectable()
export class RollbackService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SequenceHeadsRepository) private readonly heads: SequenceHeadsRepository,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(RevisionsRepository) private readonly revisions: RevisionsRepository,
    @Inject(RevisionWriter) private readonly writer: RevisionWriter,
  ) {}

  /** @throws ApiError `auth.forbidden` for a whole group without the stronger permission, `gateway.revision_unknown` */
  async rollBack(call: RollbackCall): Promise<RevisionOutcome> {
    if (call.body.workspaceId === undefined && !principalOf(call).permissions.includes('config.rollback-group')) {
      throw new ApiError(commonErrors.forbidden, { detail: 'Rolling back a whole group needs config.rollback-group.' });
    }
    return this.database.inTenant(tenantOf(call), (unit) => this.#rollBackIn(unit, call), { dryRun: call.dryRun });
  }

  async #rollBackIn(unit: UnitOfWork, call: RollbackCall): Promise<RevisionOutcome> {
    const { groupId } = call.params;
    const { toRevision: restoredRevision, workspaceId = null, note } = call.body;
    if (workspaceId !== null) await this.workspaces.get(unit, groupId, workspaceId);
    const head = await this.heads.lock(unit, { groupId, sequence: 'revision' });
    if (restoredRevision >= head.position) {
      const detail = `The revision in force is ${head.position}; name an older one.`;
      throw new ApiError(gatewayErrors.revisionUnknown, { detail });
    }
    const changes = await this.revisions.findWayBack(unit, { groupId, workspaceId }, restoredRevision);
    if (changes.length === 0) return toOutcome(toRevision(await this.revisions.get(unit, groupId, head.position)), []);
    const revision = await this.writer.append(unit, {
      groupId,
      head,
      changes,
      cause: 'rollback',
      workspaceId,
      restoredRevision,
      note,
      publishedBy: publisherOf(principalOf(call)),
    });
    const details = { revision: revision.revision, restoredRevision, workspaceId, changed: changes.length };
    await unit.audit(
      auditOf(call, { action: 'gateway-group.rollback', object: { kind: 'gateway-group', id: groupId }, details }),
    );
    return toOutcome(revision, changes);
  }
}
