import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  createPolicyTemplate,
  deletePolicyTemplate,
  getPolicyTemplate,
  listPolicyTemplates,
  PolicySet,
  PolicyTemplate,
  updatePolicyTemplate,
} from '@tollgate/contracts/rest/policy';
import { Database, mapPage } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { POLICY_CATALOGUE, type PolicyCatalogue } from '../policy-types/policy-catalogue.ts';
import { checkPolicies } from './check-policies.ts';
import type { PolicyTemplateRow } from './policy-template.entity.ts';
import { toTemplate } from './policy-templates.mapping.ts';
import { PolicyTemplatesRepository } from './policy-templates.repository.ts';

/** Templates and their drafts. What is stored has passed the catalogue of the release that stored it. */
@Injectable()
export class PolicyTemplatesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PolicyTemplatesRepository) private readonly templates: PolicyTemplatesRepository,
    @Inject(POLICY_CATALOGUE) private readonly catalogue: PolicyCatalogue,
  ) {}

  async list(call: EndpointCall<typeof listPolicyTemplates>): Promise<Page<PolicyTemplate>> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      mapPage(await this.templates.list(unit, call.query), toTemplate),
    );
  }

  async get(call: EndpointCall<typeof getPolicyTemplate>): Promise<PolicyTemplate> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toTemplate(await this.templates.get(unit, call.params.templateId)),
    );
  }

  async create(call: EndpointCall<typeof createPolicyTemplate>): Promise<PolicyTemplate> {
    this.#refuseWrongPolicies(call.body.draft);
    const now = new Date();
    const template: PolicyTemplateRow = {
      ...call.body,
      id: newId('ptp'),
      tenantId: tenantOf(call),
      latestVersion: 0,
      version: 1,
      createdAt: now,
      updatedAt: now,
      removedAt: null,
    };
    await this.database.inTenant(
      template.tenantId,
      async (unit) => {
        await this.templates.insert(unit, template);
        await unit.audit(auditOf(call, { action: 'policy-template.create', object: objectOf(template.id) }));
      },
      { dryRun: call.dryRun },
    );
    return toTemplate(template);
  }

  async update(call: EndpointCall<typeof updatePolicyTemplate>): Promise<PolicyTemplate> {
    const { name, description, draft } = call.body;
    if (draft !== undefined) this.#refuseWrongPolicies(draft);
    return this.database.inTenant(
      tenantOf(call),
      async (unit) => {
        const template = await this.templates.lock(unit, call.params.templateId, call.ifMatch);
        const changed = await this.templates.change(unit, template, {
          name: name ?? template.name,
          description: description ?? template.description,
          draft: draft ?? template.draft,
        });
        await unit.audit(
          auditOf(call, {
            action: 'policy-template.update',
            object: objectOf(template.id),
            details: { changed: Object.keys(call.body) },
          }),
        );
        return toTemplate(changed);
      },
      { dryRun: call.dryRun },
    );
  }

  async remove(call: EndpointCall<typeof deletePolicyTemplate>): Promise<void> {
    await this.database.inTenant(tenantOf(call), async (unit) => {
      const template = await this.templates.lock(unit, call.params.templateId, call.ifMatch);
      await this.templates.change(unit, template, { removedAt: new Date() });
      await unit.audit(auditOf(call, { action: 'policy-template.delete', object: objectOf(template.id) }));
    });
  }

  #refuseWrongPolicies(draft: PolicySet): void {
    const errors = checkPolicies(draft, this.catalogue, '/draft');
    if (errors.length > 0) throw new ApiError(commonErrors.invalid, { errors });
  }
}

function objectOf(id: string): { kind: string; id: string } {
  return { kind: 'policy-template', id };
}
