import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { ApiProduct, ApiProductSummary, NewApiProduct, ProductState } from '@tollgate/contracts/rest/portal';
import {
  deleteVersioned,
  getForChange,
  insertRow,
  mapPage,
  readPage,
  type UnitOfWork,
  whereContains,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { nameTaken, refuseTaken } from '../shared/conflicts.ts';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { ApiProductEntity } from './api-product.entity.ts';

/** Fields of a product that a change may set. */
export type ApiProductFields = NewApiProduct & Pick<ApiProduct, 'state' | 'reference' | 'guides'>;

/** Which products a visitor of the catalogue asks for. */
export interface CatalogueFilter {
  search?: string | undefined;
  /** Whether products for signed-in developers only are included. */
  signedIn: boolean;
}

const uniqueName = 'api_products_name_key';

@Injectable()
export class ApiProductsRepository {
  async list(
    { manager }: UnitOfWork,
    { state, search, ...page }: PageQuery & { state?: ProductState | undefined; search?: string | undefined },
  ): Promise<Page<ApiProductSummary>> {
    const query = manager.createQueryBuilder(ApiProductEntity, 'product');
    if (state !== undefined) query.andWhere('product.state = :state', { state });
    whereContains(query, ['product.id', 'product.name', 'product.description'], search);
    return mapPage(await readPage(query, page), toProduct);
  }

  async listPublished({ manager }: UnitOfWork, page: PageQuery, filter: CatalogueFilter): Promise<Page<ApiProduct>> {
    const query = manager.createQueryBuilder(ApiProductEntity, 'product').where(`product.state = 'published'`);
    if (!filter.signedIn) query.andWhere(`product.visibility = 'public'`);
    whereContains(query, ['product.name', 'product.description'], filter.search);
    return mapPage(await readPage(query, page), toProduct);
  }

  async listAll({ manager }: UnitOfWork, page: PageQuery): Promise<Page<ApiProduct>> {
    return mapPage(await readPage(manager.createQueryBuilder(ApiProductEntity, 'product'), page), toProduct);
  }

  /** Ids of the products that name routes of a gateway group. */
  async findBoundTo({ manager }: UnitOfWork, groupId: string): Promise<string[]> {
    const products = await manager
      .createQueryBuilder(ApiProductEntity, 'product')
      .select('product.id', 'id')
      .where(`product.bindings @> jsonb_build_array(jsonb_build_object('groupId', :groupId::text))`, { groupId })
      .orderBy('product.id')
      .getRawMany<{ id: string }>();
    return products.map(({ id }) => id);
  }

  async find({ manager }: UnitOfWork, id: string): Promise<ApiProduct | null> {
    const row = await manager.findOneBy(ApiProductEntity, { id });
    return row === null ? null : toProduct(row);
  }

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<ApiProduct> {
    const product = await this.find(unit, id);
    if (product === null) throw new ApiError(commonErrors.notFound);
    return product;
  }

  /**
   * The product, locked until the unit ends.
   * @throws ApiError `resource.not_found`, or `resource.changed` when the version is another.
   */
  async lock(unit: UnitOfWork, id: string, expectedVersion?: number): Promise<ApiProduct> {
    return toProduct(await getForChange(unit, ApiProductEntity, id, expectedVersion));
  }

  /**
   * The product, kept from changing until the unit ends; others may read and hold it too.
   * @throws ApiError `resource.not_found`
   */
  async hold({ manager }: UnitOfWork, id: string): Promise<ApiProduct> {
    const row = await manager.findOne(ApiProductEntity, { where: { id }, lock: { mode: 'pessimistic_read' } });
    if (row === null) throw new ApiError(commonErrors.notFound);
    return toProduct(row);
  }

  /** @throws ApiError `resource.conflict` when the tenant has a product of this name. */
  async insert(unit: UnitOfWork, fields: NewApiProduct): Promise<ApiProduct> {
    const row = newRow<ApiProductEntity>(unit, 'prd', {
      ...fields,
      state: 'draft',
      reference: null,
      guides: [],
    });
    await refuseTaken(insertRow(unit, ApiProductEntity, row), uniqueName, nameTaken('/name'));
    return toProduct(row);
  }

  /** @throws ApiError `resource.conflict` when the tenant has another product of the new name. */
  async change(unit: UnitOfWork, id: string, set: Partial<ApiProductFields>): Promise<ApiProduct> {
    const row = await getForChange(unit, ApiProductEntity, id);
    const write = changeRow(unit, ApiProductEntity, row, set);
    return toProduct(await refuseTaken(write, uniqueName, nameTaken('/name')));
  }

  async delete(unit: UnitOfWork, product: ApiProduct): Promise<void> {
    await deleteVersioned(unit, ApiProductEntity, { id: product.id, expectedVersion: product.version });
  }
}

function toProduct(row: ApiProductEntity): ApiProduct {
  const { id, name, description, docs, visibility, state, bindings, reference, guides, version } = row;
  return { id, name, description, docs, visibility, state, bindings, reference, guides, version, ...rowTimes(row) };
}
