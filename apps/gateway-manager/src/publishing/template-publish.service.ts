import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import {
  type DraftChange,
  gatewayErrors,
  type GroupPublish,
  maxGroupsPerPublish,
  type PolicyTemplatePublish,
  type publishPolicyTemplate,
} from '@tollgate/contracts/rest/gateway';
import type { ResolvedPolicyTemplate } from '@tollgate/contracts/rest/policy';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, LOGGER, principalOf, tenantOf, toApiError } from '@tollgate/platform';
import type { Logger } from 'pino';
import { GroupsRepository } from '../groups/groups.repository.ts';
import { SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { ContentsRepository } from './contents.repository.ts';
import { DraftChangesRepository } from './draft-changes.repository.ts';
import { changesOfTemplate, refuseFaults } from './plan-changes.ts';
import { publisherOf } from './publisher.ts';
import { toRevisionChange } from './publishing.mapping.ts';
import { type ResourceChange, RevisionWriter } from './revision-writer.ts';
import { TemplateResolver } from './template-resolver.ts';

type Call = EndpointCall<typeof publishPolicyTemplate>;

/**
 * Brings the newest version of a policy template into force in many groups. Only what is in force is read and changed, so a
 * group's draft stays where it is, and no publisher's base can be stale.
 */
@Injectable()
export class TemplatePublishService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(SequenceHeadsRepository) private readonly heads: SequenceHeadsRepository,
    @Inject(DraftChangesRepository) private readonly draftChanges: DraftChangesRepository,
    @Inject(ContentsRepository) private readonly contents: ContentsRepository,
    @Inject(RevisionWriter) private readonly writer: RevisionWriter,
    @Inject(TemplateResolver) private readonly templates: TemplateResolver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ApiError `resource.not_found` for a template without a version, `gateway.too_many_groups` */
  async publish(call: Call): Promise<PolicyTemplatePublish> {
    const tenantId = tenantOf(call);
    const { policyTemplateId } = call.body;
    const template = await this.templates.findLatest(tenantId, policyTemplateId);
    if (template === null) throw new ApiError(commonErrors.notFound);
    const groups: GroupPublish[] = [];
    for (const groupId of call.body.groupIds ?? (await this.#findGroups(tenantId, policyTemplateId))) {
      groups.push(await this.#publishOrTell(call, groupId, template));
    }
    return { policyTemplateId, templateVersion: template.number, groups };
  }

  async #findGroups(tenantId: string, policyTemplateId: string): Promise<string[]> {
    const found = await this.database.inTenant(tenantId, (unit) =>
      this.groups.findUsersOf(unit, policyTemplateId, maxGroupsPerPublish + 1),
    );
    if (found.length <= maxGroupsPerPublish) return found;
    const detail = `Name the groups by groupIds, at most ${maxGroupsPerPublish} at a time.`;
    throw new ApiError(gatewayErrors.tooManyGroups, { detail });
  }

  /** Whatever keeps one group from being published is told and keeps no other from it. */
  async #publishOrTell(call: Call, groupId: string, template: ResolvedPolicyTemplate): Promise<GroupPublish> {
    try {
      return await this.database.inTenant(tenantOf(call), (unit) => this.#publishIn(unit, call, groupId, template), {
        dryRun: call.dryRun,
      });
    } catch (cause) {
      const { definition, detail, errors } = toApiError(cause);
      const { code, title, status } = definition;
      if (status >= 500) this.logger.error({ err: cause, groupId, requestId: call.requestId }, 'group not published');
      const problem = {
        code,
        title,
        ...(detail === undefined ? {} : { detail }),
        ...(errors === undefined ? {} : { errors: [...errors] }),
      };
      return { groupId, outcome: 'refused', revision: null, changes: [], problem };
    }
  }

  async #publishIn(
    unit: UnitOfWork,
    call: Call,
    groupId: string,
    template: ResolvedPolicyTemplate,
  ): Promise<GroupPublish> {
    const head = await this.heads.lock(unit, { groupId, sequence: 'revision' });
    const published = await this.draftChanges.findPluginConfigs(unit, { groupId, workspaceId: null });
    const changes = changesOfTemplate(template, published);
    if (changes === null) throw new ApiError(gatewayErrors.templateNotInForce);
    if (changes.length === 0) {
      return { groupId, outcome: 'unchanged', revision: head.position, changes: [], problem: null };
    }
    refuseFaults(changes);
    const { templateId: policyTemplateId, name, number: templateVersion } = template;
    const { revision } = await this.writer.append(unit, {
      groupId,
      head,
      changes,
      cause: 'publish',
      workspaceId: partOf(changes),
      restoredRevision: null,
      note: call.body.note ?? `Policy template ${name}, version ${templateVersion}`,
      publishedBy: publisherOf(principalOf(call)),
    });
    const details = { revision, policyTemplateId, templateVersion, changed: changes.length };
    await unit.audit(
      auditOf(call, {
        action: 'gateway-group.publish-template',
        object: { kind: 'gateway-group', id: groupId },
        details,
      }),
    );
    return { groupId, outcome: 'published', revision, changes: await this.#diff(unit, changes), problem: null };
  }

  async #diff(unit: UnitOfWork, changes: readonly ResourceChange[]): Promise<DraftChange[]> {
    const hashes = changes.flatMap(({ beforeHash }) => beforeHash ?? []);
    const before = await this.contents.findAll(unit, hashes);
    return changes.map((change) => ({
      ...toRevisionChange(change),
      before: before.get(change.beforeHash ?? '') ?? null,
      after: change.content ?? null,
    }));
  }
}

/** The one workspace whose part is replaced; null when there are several. */
function partOf(changes: readonly ResourceChange[]): string | null {
  const workspaces = new Set(changes.map(({ workspaceId }) => workspaceId));
  const [only = null] = workspaces;
  return workspaces.size === 1 ? only : null;
}
