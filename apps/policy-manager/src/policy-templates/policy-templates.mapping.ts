import type { PolicyTemplate, PolicyTemplateVersion, ResolvedPolicyTemplate } from '@tollgate/contracts/rest/policy';
import type { PolicyTemplateVersionEntity } from './policy-template-version.entity.ts';
import type { PolicyTemplateRow } from './policy-template.entity.ts';

export function toTemplate(row: PolicyTemplateRow): PolicyTemplate {
  const { id, name, description, draft, latestVersion, version } = row;
  return {
    id,
    name,
    description,
    draft,
    latestVersion,
    version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toTemplateVersion(row: PolicyTemplateVersionEntity): PolicyTemplateVersion {
  const { templateId, number, note, policies, contentHash, publishedBy } = row;
  return { templateId, number, note, policies, contentHash, publishedBy, publishedAt: row.publishedAt.toISOString() };
}

export function toResolvedTemplate(row: PolicyTemplateVersionEntity): ResolvedPolicyTemplate {
  const { templateId, name, number, contentHash, plugins } = row;
  return { templateId, name, number, contentHash, plugins };
}
