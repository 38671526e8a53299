import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { gatewayErrors, type PolicyTemplateReference } from '@tollgate/contracts/rest/gateway';
import {
  type ResolvedPolicyTemplate,
  resolveLatestPolicyTemplateVersion,
  resolvePolicyTemplateVersion,
} from '@tollgate/contracts/rest/policy';
import { ApiError } from '@tollgate/platform';

/** Versions kept; the oldest goes first. A version never changes, so it is asked for once. */
const cacheSize = 500;

/** Templates by {@link templateKey}. */
export type ResolvedTemplates = ReadonlyMap<string, ResolvedPolicyTemplate>;

/** Names one reference. */
export function templateKey({ id, version }: PolicyTemplateReference): string {
  return `${id}@${version}`;
}

/** Asks policy-manager what templates consist of. */
@Injectable()
export class TemplateResolver {
  readonly #versions = new Map<string, ResolvedPolicyTemplate>();

  constructor(@Inject(ServiceClient) private readonly client: ServiceClient) {}

  /** @throws ApiError `gateway.template_unknown` naming each reference that does not resolve. */
  async resolve(tenantId: string, references: readonly PolicyTemplateReference[]): Promise<ResolvedTemplates> {
    const resolved = await Promise.all(
      references.map(async (reference) => [reference, await this.#find(tenantId, reference)] as const),
    );
    const unknown = resolved.filter(([, template]) => template === null);
    if (unknown.length > 0) {
      const errors = unknown.map(([{ id, version }]) => ({
        pointer: `/policy-templates/${id}/versions/${version}`,
        message: 'There is no such published version.',
      }));
      throw new ApiError(gatewayErrors.templateUnknown, { errors });
    }
    return new Map(resolved.flatMap(([reference, template]) => (template ? [[templateKey(reference), template]] : [])));
  }

  /** What the newest version consists of; null when the template is unknown or has no version. */
  findLatest(tenantId: string, templateId: string): Promise<ResolvedPolicyTemplate | null> {
    return this.#find(tenantId, { id: templateId, version: 'latest' });
  }

  async #find(tenantId: string, reference: PolicyTemplateReference): Promise<ResolvedPolicyTemplate | null> {
    const cacheKey = `${tenantId}/${templateKey(reference)}`;
    const known = this.#versions.get(cacheKey);
    if (known) return known;
    try {
      const template = await this.#ask(tenantId, reference);
      if (reference.version !== 'latest') this.#remember(cacheKey, template);
      return template;
    } catch (error) {
      if (error instanceof ApiError && error.definition.status === commonErrors.notFound.status) return null;
      throw error;
    }
  }

  #ask(tenantId: string, { id: templateId, version }: PolicyTemplateReference): Promise<ResolvedPolicyTemplate> {
    return version === 'latest'
      ? this.client.call(resolveLatestPolicyTemplateVersion, { tenantId, params: { templateId } })
      : this.client.call(resolvePolicyTemplateVersion, { tenantId, params: { templateId, number: version } });
  }

  #remember(key: string, template: ResolvedPolicyTemplate): void {
    this.#versions.set(key, template);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > cacheSize && oldest !== undefined) this.#versions.delete(oldest);
  }
}
