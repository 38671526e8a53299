import type { PolicyTemplateReference } from '@tollgate/contracts/rest/gateway';

/** What of a template reference the compiled object needs. */
export interface CompileInput {
  value: Record<string, unknown>;
  policyTemplate: PolicyTemplateReference | null;
  workspaceId: string | null;
}

/**
 * The object as data planes get it: a reference to a policy template becomes the `plugin_config_id` of the resource that publish
 * makes of the template. The id does not depend on the version that `latest` stands for, so a new version changes one resource.
 */
export function compileDraft({ value, policyTemplate, workspaceId }: CompileInput): Record<string, unknown> {
  if (policyTemplate === null || workspaceId === null) return value;
  return { ...value, plugin_config_id: pluginConfigId(workspaceId, policyTemplate) };
}

/** Id of the `plugin_config` of a template in a workspace; workspaces do not share one, as each is published on its own. */
export function pluginConfigId(workspaceId: string, { id, version }: PolicyTemplateReference): string {
  const workspace = workspaceId.slice(workspaceId.indexOf('_') + 1);
  return version === 'latest' ? `${id}.${workspace}` : `${id}.${workspace}.${version}`;
}

/** The policy template that a `plugin_config` was made of. */
export function templateIdOf(configId: string): string {
  return configId.split('.', 1)[0] ?? configId;
}
