import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type {
  ApiProduct,
  deleteProductReference,
  getProductGuides,
  getProductReference,
  GuideList,
  putProductGuides,
  putProductReference,
  ReferenceDocument,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { ProductEvents } from '../products/product-events.ts';
import { ProductDocumentsRepository } from './product-documents.repository.ts';
import { ReferenceReader } from './reference-reader.ts';

type Write = EndpointCall<typeof putProductReference | typeof putProductGuides | typeof deleteProductReference>;

/** What a tenant's admins write about a product. A write is a change of the product: its version moves and its events tell so. */
@Injectable()
export class ProductDocumentsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(ProductDocumentsRepository) private readonly documents: ProductDocumentsRepository,
    @Inject(ReferenceReader) private readonly reader: ReferenceReader,
    @Inject(ProductEvents) private readonly events: ProductEvents,
  ) {}

  getReference(call: EndpointCall<typeof getProductReference>): Promise<ReferenceDocument> {
    return this.database.inTenant(tenantOf(call), (unit) => this.documents.getReference(unit, call.params.productId));
  }

  /** @throws ApiError `product.reference_invalid` */
  async putReference(call: EndpointCall<typeof putProductReference>): Promise<ApiProduct> {
    const { json, ...summary } = await this.reader.read(call.body.document);
    return this.#change(call, 'api-product.set-reference', async (unit, { id }) => {
      await this.documents.putReference(unit, id, json);
      return { reference: { ...summary, updatedAt: new Date().toISOString() } };
    });
  }

  async deleteReference(call: EndpointCall<typeof deleteProductReference>): Promise<undefined> {
    await this.#change(call, 'api-product.delete-reference', async (unit, { id, reference }) => {
      if (reference === null) throw new ApiError(commonErrors.notFound);
      await this.documents.deleteReference(unit, id);
      return { reference: null };
    });
    return undefined;
  }

  getGuides(call: EndpointCall<typeof getProductGuides>): Promise<GuideList> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id } = await this.products.get(unit, call.params.productId);
      return { guides: await this.documents.listGuides(unit, id) };
    });
  }

  putGuides(call: EndpointCall<typeof putProductGuides>): Promise<ApiProduct> {
    const { guides } = call.body;
    return this.#change(call, 'api-product.set-guides', async (unit, { id }) => {
      await this.documents.replaceGuides(unit, id, guides);
      return { guides: guides.map(({ slug, title }) => ({ slug, title })) };
    });
  }

  #change(
    call: Write,
    action: string,
    write: (unit: UnitOfWork, product: ApiProduct) => Promise<Partial<Pick<ApiProduct, 'reference' | 'guides'>>>,
  ): Promise<ApiProduct> {
    const { productId } = call.params;
    const work = async (unit: UnitOfWork): Promise<ApiProduct> => {
      const before = await this.products.lock(unit, productId, call.ifMatch);
      const product = await this.products.change(unit, productId, await write(unit, before));
      await this.events.emitPublished(unit, product);
      await unit.audit(auditOf(call, { action, object: { kind: 'api-product', id: productId } }));
      return product;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }
}
