import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import { readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { QueryDeepPartialEntity } from 'typeorm';
import { PolicyTemplateVersionEntity } from './policy-template-version.entity.ts';

@Injectable()
export class PolicyTemplateVersionsRepository {
  /** Newest first. */
  list({ manager }: UnitOfWork, templateId: string, page: PageQuery): Promise<Page<PolicyTemplateVersionEntity>> {
    const query = manager
      .createQueryBuilder(PolicyTemplateVersionEntity, 'version')
      .where('version.templateId = :templateId', { templateId });
    return readPage(query, page, { by: 'number', direction: 'desc' });
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, templateId: string, number: number): Promise<PolicyTemplateVersionEntity> {
    const version = await manager.findOneBy(PolicyTemplateVersionEntity, { templateId, number });
    if (version === null) throw new ApiError(commonErrors.notFound);
    return version;
  }

  findLatest({ manager }: UnitOfWork, templateId: string): Promise<PolicyTemplateVersionEntity | null> {
    return manager.findOne(PolicyTemplateVersionEntity, { where: { templateId }, order: { number: 'DESC' } });
  }

  async insert({ manager }: UnitOfWork, version: PolicyTemplateVersionEntity): Promise<void> {
    await manager.insert(PolicyTemplateVersionEntity, version as QueryDeepPartialEntity<PolicyTemplateVersionEntity>);
  }
}
