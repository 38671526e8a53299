import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The OpenAPI document and the guides of products. What lists and pages show of them stands in the product's own row; the texts stand apart,
 * so that no list reads them. Documents are `json`, not `jsonb`, which would forget the order in which they were written.
 */
export class ProductDocuments1760000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table portal.api_products
        add column reference jsonb,
        add column guides jsonb not null default '[]';

      create table portal.product_references (
        tenant_id text not null,
        product_id text not null references portal.api_products on delete cascade,
        document json not null,
        primary key (tenant_id, product_id)
      );
      ${tenantTable('portal.product_references')}

      create table portal.product_guides (
        tenant_id text not null,
        product_id text not null references portal.api_products on delete cascade,
        slug text not null,
        title text not null,
        markdown text not null,
        position integer not null,
        primary key (tenant_id, product_id, slug)
      );
      ${tenantTable('portal.product_guides')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table portal.product_guides, portal.product_references;
      alter table portal.api_products drop column reference, drop column guides`);
  }
}
