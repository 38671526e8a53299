import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { ListSort, Page, PageQuery } from '@tollgate/contracts/rest';
import {
  getForChange,
  isUniqueViolation,
  orderOf,
  readPage,
  updateVersioned,
  type UnitOfWork,
  whereContains,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { IsNull, type QueryDeepPartialEntity } from 'typeorm';
import { PolicyTemplateEntity, type PolicyTemplateRow } from './policy-template.entity.ts';

/** Fields of a template that a change may set. */
export type PolicyTemplateChange = Partial<
  Pick<PolicyTemplateEntity, 'name' | 'description' | 'draft' | 'latestVersion' | 'removedAt'>
>;

/** Which templates are listed, and how. */
export type PolicyTemplatesQuery = PageQuery & {
  search?: string | undefined;
  ids?: readonly string[] | undefined;
  policyType?: string | undefined;
  isPublished?: boolean | undefined;
  sort?: ListSort | undefined;
  withTotal?: boolean | undefined;
};

@Injectable()
export class PolicyTemplatesRepository {
  list(
    { manager }: UnitOfWork,
    { search, ids, policyType, isPublished, sort = 'id', ...page }: PolicyTemplatesQuery,
  ): Promise<Page<PolicyTemplateEntity>> {
    const query = manager.createQueryBuilder(PolicyTemplateEntity, 'template').where('template.removedAt is null');
    whereContains(query, ['template.name', 'template.description', 'template.policy_types'], search);
    if (ids !== undefined) query.andWhere('template.id = any(:ids)', { ids });
    if (policyType !== undefined) query.andWhere('jsonb_exists(template.policy_types, :policyType)', { policyType });
    if (isPublished !== undefined) query.andWhere(`template.latestVersion ${isPublished ? '>' : '='} 0`);
    return readPage(query, page, orderOf(sort));
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<PolicyTemplateEntity> {
    const template = await manager.findOneBy(PolicyTemplateEntity, { id, removedAt: IsNull() });
    if (template === null) throw new ApiError(commonErrors.notFound);
    return template;
  }

  /**
   * The template, locked until the unit ends.
   * @throws ApiError `resource.not_found`, or `resource.changed` when the version is another.
   */
  async lock(unit: UnitOfWork, id: string, expectedVersion?: number): Promise<PolicyTemplateEntity> {
    const template = await getForChange(unit, PolicyTemplateEntity, id);
    if (template.removedAt !== null) throw new ApiError(commonErrors.notFound);
    if (expectedVersion !== undefined && expectedVersion !== template.version) {
      throw new ApiError(commonErrors.preconditionFailed);
    }
    return template;
  }

  /** @throws ApiError `resource.conflict` when the tenant has a template of this name. */
  async insert({ manager }: UnitOfWork, template: PolicyTemplateRow): Promise<void> {
    await refuseTakenName(
      manager.insert(PolicyTemplateEntity, template as QueryDeepPartialEntity<PolicyTemplateEntity>),
    );
  }

  /**
   * Changes a template that the unit has locked.
   * @throws ApiError `resource.conflict` when the tenant has another template of the new name.
   */
  async change(
    unit: UnitOfWork,
    template: PolicyTemplateEntity,
    set: PolicyTemplateChange,
  ): Promise<PolicyTemplateEntity> {
    const updatedAt = new Date();
    const version = await refuseTakenName(
      updateVersioned(unit, PolicyTemplateEntity, {
        id: template.id,
        expectedVersion: template.version,
        set: { ...set, updatedAt } as QueryDeepPartialEntity<PolicyTemplateEntity>,
      }),
    );
    return { ...template, ...set, version, updatedAt };
  }
}

async function refuseTakenName<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!isUniqueViolation(cause, 'policy_templates_name_key')) throw cause;
    throw new ApiError(commonErrors.conflict, { detail: 'There is a policy template of this name.', cause });
  }
}
