import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { policyTemplateVersionPublished } from '@tollgate/contracts/events';
import { contentHash } from '@tollgate/contracts/gateway';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  policyTemplateUnchanged,
  type getPolicyTemplateVersion,
  type listPolicyTemplateVersions,
  type PolicyTemplateVersion,
  type publishPolicyTemplateVersion,
  type ResolvedPolicyTemplate,
  type resolveLatestPolicyTemplateVersion,
  type resolvePolicyTemplateVersion,
} from '@tollgate/contracts/rest/policy';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, principalOf, tenantOf } from '@tollgate/platform';
import { POLICY_CATALOGUE, type PolicyCatalogue } from '../policy-types/policy-catalogue.ts';
import { checkPolicies } from './check-policies.ts';
import type { PolicyTemplateVersionEntity } from './policy-template-version.entity.ts';
import type { PolicyTemplateEntity } from './policy-template.entity.ts';
import { PolicyTemplateVersionsRepository } from './policy-template-versions.repository.ts';
import { toResolvedTemplate, toTemplateVersion } from './policy-templates.mapping.ts';
import { PolicyTemplatesRepository } from './policy-templates.repository.ts';
import { resolvePlugins } from './resolve-plugins.ts';

/** Immutable versions of templates: made from the draft, resolved for gateways, never changed and never removed. */
@Injectable()
export class PolicyTemplateVersionsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PolicyTemplatesRepository) private readonly templates: PolicyTemplatesRepository,
    @Inject(PolicyTemplateVersionsRepository) private readonly versions: PolicyTemplateVersionsRepository,
    @Inject(POLICY_CATALOGUE) private readonly catalogue: PolicyCatalogue,
  ) {}

  async list(call: EndpointCall<typeof listPolicyTemplateVersions>): Promise<Page<PolicyTemplateVersion>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.templates.get(unit, call.params.templateId);
      return mapPage(await this.versions.list(unit, call.params.templateId, call.query), toTemplateVersion);
    });
  }

  async get(call: EndpointCall<typeof getPolicyTemplateVersion>): Promise<PolicyTemplateVersion> {
    const { templateId, number } = call.params;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.templates.get(unit, templateId);
      return toTemplateVersion(await this.versions.get(unit, templateId, number));
    });
  }

  async publish(call: EndpointCall<typeof publishPolicyTemplateVersion>): Promise<PolicyTemplateVersion> {
    return this.database.inTenant(
      tenantOf(call),
      async (unit) => {
        const template = await this.templates.lock(unit, call.params.templateId);
        const version = this.#makeVersion(template, { note: call.body.note, publishedBy: principalOf(call).id });
        await this.#refuseUnchanged(unit, version);
        await this.versions.insert(unit, version);
        const changed = await this.templates.change(unit, template, { latestVersion: version.number });
        await this.#announce(unit, version, changed.version);
        await unit.audit(
          auditOf(call, {
            action: 'policy-template.publish',
            object: { kind: 'policy-template', id: template.id },
            details: { number: version.number, contentHash: version.contentHash },
          }),
        );
        return toTemplateVersion(version);
      },
      { dryRun: call.dryRun },
    );
  }

  async resolve(call: EndpointCall<typeof resolvePolicyTemplateVersion>): Promise<ResolvedPolicyTemplate> {
    const { templateId, number } = call.params;
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toResolvedTemplate(await this.versions.get(unit, templateId, number)),
    );
  }

  async resolveLatest(call: EndpointCall<typeof resolveLatestPolicyTemplateVersion>): Promise<ResolvedPolicyTemplate> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const latest = await this.versions.findLatest(unit, call.params.templateId);
      if (latest === null) throw new ApiError(commonErrors.notFound);
      return toResolvedTemplate(latest);
    });
  }

  /** The draft was checked when it was written, maybe by an older release: it is checked again before gateways get it. */
  #makeVersion(
    { id, tenantId, name, draft, latestVersion }: PolicyTemplateEntity,
    { note, publishedBy }: { note: string; publishedBy: string },
  ): PolicyTemplateVersionEntity {
    const errors = checkPolicies(draft, this.catalogue, '/draft');
    if (errors.length > 0) throw new ApiError(commonErrors.invalid, { errors });
    const plugins = resolvePlugins(draft, this.catalogue);
    return {
      templateId: id,
      number: latestVersion + 1,
      tenantId,
      name,
      note,
      policies: draft,
      plugins,
      contentHash: contentHash(plugins),
      publishedAt: new Date(),
      publishedBy,
    };
  }

  async #refuseUnchanged(unit: UnitOfWork, version: PolicyTemplateVersionEntity): Promise<void> {
    const latest = await this.versions.findLatest(unit, version.templateId);
    if (latest?.contentHash === version.contentHash) {
      throw new ApiError(policyTemplateUnchanged, { detail: `Version ${latest.number} has the same policies.` });
    }
  }

  async #announce(unit: UnitOfWork, version: PolicyTemplateVersionEntity, aggregateVersion: number): Promise<void> {
    const { templateId, tenantId, number, contentHash: hash } = version;
    await unit.emit(
      policyTemplateVersionPublished.create({
        subject: templateId,
        tenantId,
        aggregateVersion,
        data: { templateId, version: number, contentHash: hash },
      }),
    );
  }
}
