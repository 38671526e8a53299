import { contentHash, type ParsedResource, parseResource, type ResourceFault } from '@tollgate/contracts/gateway';
import type { ResolvedPolicyTemplate } from '@tollgate/contracts/rest/policy';
import { findUnservedScheme, gatewayErrors, type PolicyTemplateReference } from '@tollgate/contracts/rest/gateway';
import { ApiError } from '@tollgate/platform';
import { compileDraft, pluginConfigId } from '../resources/compile-draft.ts';
import { type DraftResourceEntity, latestVersion } from '../resources/draft-resource.entity.ts';
import { templateOf } from '../resources/draft-resources.repository.ts';
import { findPolicyFaults } from '../resources/policy-faults.ts';
import type { TemplateUse } from './draft-changes.repository.ts';
import type { PublishedResourceEntity } from './published-resource.entity.ts';
import type { ResourceChange } from './revision-writer.ts';

/** Faults listed at most; more would not help anybody. */
const maxFaults = 50;

/** The reference that a use stands for. */
export function referenceOf({ templateId, templateVersion }: TemplateUse): PolicyTemplateReference {
  return { id: templateId, version: templateVersion === latestVersion ? 'latest' : templateVersion };
}

/** Draft rows that differ, as changes of a revision. */
export function changesOfDraft(rows: readonly DraftResourceEntity[]): ResourceChange[] {
  return rows.map((row) => {
    const { kind, id, workspaceId, value, publishedHash: beforeHash, contentHash: afterHash } = row;
    const key = { kind, id, workspaceId, beforeHash, afterHash };
    if (value === null) return key;
    return { ...key, content: compileDraft({ value, policyTemplate: templateOf(row), workspaceId }) };
  });
}

/** Templates in use against the `plugin_config` resources in force: what must be put and what is no longer needed. */
export function changesOfTemplates(
  uses: readonly { use: TemplateUse; template: ResolvedPolicyTemplate }[],
  published: readonly PublishedResourceEntity[],
): ResourceChange[] {
  const present = new Map(published.map((resource) => [resource.id, resource]));
  const wanted = uses.map(({ use, template }): ResourceChange => {
    const id = pluginConfigId(use.workspaceId, referenceOf(use));
    const content = pluginConfigOf(template);
    const beforeHash = present.get(id)?.contentHash ?? null;
    return {
      kind: 'plugin_config',
      id,
      workspaceId: use.workspaceId,
      beforeHash,
      afterHash: contentHash(content),
      content,
    };
  });
  const kept = new Set(wanted.map(({ id }) => id));
  const removed = published
    .filter(({ id }) => !kept.has(id))
    .map(({ id, workspaceId, contentHash: beforeHash }): ResourceChange => {
      return { kind: 'plugin_config', id, workspaceId, beforeHash, afterHash: null };
    });
  return [...wanted.filter(({ beforeHash, afterHash }) => beforeHash !== afterHash), ...removed];
}

/**
 * A template's newest version against the `plugin_config` resources in force that stand for it.
 * @returns null when none does.
 */
export function changesOfTemplate(
  template: ResolvedPolicyTemplate,
  published: readonly PublishedResourceEntity[],
): ResourceChange[] | null {
  const reference = { id: template.templateId, version: 'latest' } as const;
  const uses = published.filter(
    ({ id, workspaceId }) => workspaceId !== null && id === pluginConfigId(workspaceId, reference),
  );
  if (uses.length === 0) return null;
  const content = pluginConfigOf(template);
  const afterHash = contentHash(content);
  return uses
    .filter(({ contentHash: beforeHash }) => beforeHash !== afterHash)
    .map(({ id, workspaceId, contentHash: beforeHash }): ResourceChange => {
      return { kind: 'plugin_config', id, workspaceId, beforeHash, afterHash, content };
    });
}

function pluginConfigOf({ templateId, name, number, plugins }: ResolvedPolicyTemplate): Record<string, unknown> {
  return { name, labels: { template: templateId, version: String(number) }, plugins };
}

/** One fault of one resource; the pointer starts with its kind and id. */
export interface ConfigurationFault {
  pointer: string;
  message: string;
}

/** @throws ApiError `gateway.configuration_invalid` naming what a data plane would refuse. */
export function refuseFaults(changes: readonly ResourceChange[]): void {
  const errors = findFaults(changes);
  if (errors.length > 0) throw new ApiError(gatewayErrors.configurationInvalid, { errors });
}

/** What a data plane would refuse. */
export function findFaults(changes: readonly ResourceChange[]): ConfigurationFault[] {
  return changes
    .flatMap(({ kind, id, content }) => {
      if (content === undefined) return [];
      const parsed = parseResource({ kind, id, value: content });
      const faults = parsed.ok
        ? [...findPolicyFaults(kind, content), ...findUpstreamFaults(parsed.resource)]
        : parsed.faults;
      return faults.map(({ pointer, message }) => ({ pointer: `/${kind}/${id}${pointer}`, message }));
    })
    .slice(0, maxFaults);
}

/** What no data plane takes of the upstream that a resource is, or that a route or service holds. */
function findUpstreamFaults({ kind, value }: ParsedResource): ResourceFault[] {
  if (kind !== 'upstream' && kind !== 'route' && kind !== 'service') return [];
  const scheme = kind === 'upstream' ? value.scheme : value.upstream?.scheme;
  const message = findUnservedScheme(scheme);
  return message === null ? [] : [{ pointer: kind === 'upstream' ? '/scheme' : '/upstream/scheme', message }];
}
