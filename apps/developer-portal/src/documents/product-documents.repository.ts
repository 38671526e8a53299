import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Guide, ReferenceDocument } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

/** The texts of products: OpenAPI documents and guides. They go with their product. */
@Injectable()
export class ProductDocumentsRepository {
  /** @throws ApiError `resource.not_found` when the product has no document. */
  async getReference({ manager }: UnitOfWork, productId: string): Promise<ReferenceDocument> {
    const [row] = await manager.query<{ document: ReferenceDocument }[]>(
      'select document from product_references where product_id = $1',
      [productId],
    );
    if (row === undefined) throw new ApiError(commonErrors.notFound);
    return row.document;
  }

  /** @param json text of the document. */
  async putReference({ manager, tenantId }: UnitOfWork, productId: string, json: string): Promise<void> {
    await manager.query(
      `insert into product_references (tenant_id, product_id, document) values ($1, $2, $3::json)
       on conflict (tenant_id, product_id) do update set document = excluded.document`,
      [tenantId, productId, json],
    );
  }

  async deleteReference({ manager }: UnitOfWork, productId: string): Promise<void> {
    await manager.query('delete from product_references where product_id = $1', [productId]);
  }

  listGuides({ manager }: UnitOfWork, productId: string): Promise<Guide[]> {
    return manager.query<Guide[]>(
      'select slug, title, markdown from product_guides where product_id = $1 order by position',
      [productId],
    );
  }

  /** @throws ApiError `resource.not_found` */
  async getGuide({ manager }: UnitOfWork, productId: string, slug: string): Promise<Guide> {
    const [guide] = await manager.query<Guide[]>(
      'select slug, title, markdown from product_guides where product_id = $1 and slug = $2',
      [productId, slug],
    );
    if (guide === undefined) throw new ApiError(commonErrors.notFound);
    return guide;
  }

  /** Replaces all guides of the product, whose row the unit has locked. */
  async replaceGuides({ manager, tenantId }: UnitOfWork, productId: string, guides: readonly Guide[]): Promise<void> {
    await manager.query('delete from product_guides where product_id = $1', [productId]);
    const columns = (['slug', 'title', 'markdown'] as const).map((name) => guides.map((guide) => guide[name]));
    await manager.query(
      `insert into product_guides (tenant_id, product_id, slug, title, markdown, position)
       select $1, $2, slug, title, markdown, position
       from unnest($3::text[], $4::text[], $5::text[]) with ordinality as sent (slug, title, markdown, position)`,
      [tenantId, productId, ...columns],
    );
  }
}
