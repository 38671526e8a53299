import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import { priceTimeTaken } from '@tollgate/contracts/rest/analytics';
import { insertRow, isUniqueViolation, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { PriceEntity } from './price.entity.ts';

@Injectable()
export class PricesRepository {
  list(
    { manager }: UnitOfWork,
    filter: { planVersionId?: string | undefined },
    page: PageQuery,
  ): Promise<Page<PriceEntity>> {
    const query = manager.createQueryBuilder(PriceEntity, 'price');
    if (filter.planVersionId !== undefined) query.where('price.planVersionId = :planVersionId', filter);
    return readPage(query, page);
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<PriceEntity> {
    const price = await manager.findOneBy(PriceEntity, { id });
    if (price === null) throw new ApiError(commonErrors.notFound);
    return price;
  }

  async has({ manager }: UnitOfWork, planVersionId: string): Promise<boolean> {
    return manager.existsBy(PriceEntity, { planVersionId });
  }

  /** @throws ApiError `price.time_taken` when the plan version has a price from that minute on. */
  async insert(unit: UnitOfWork, price: PriceEntity): Promise<void> {
    try {
      await insertRow(unit, PriceEntity, price);
    } catch (cause) {
      if (!isUniqueViolation(cause, 'prices_effective_from_key')) throw cause;
      throw new ApiError(priceTimeTaken, { cause });
    }
  }
}
