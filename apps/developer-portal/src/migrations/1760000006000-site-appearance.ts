import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How portal sites show themselves: a text, a colour and a logo. */
export class SiteAppearance1760000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table portal.portal_sites
        add column description text not null default '',
        add column accent_color text not null default 'teal',
        add column logo jsonb;

      create table portal.portal_site_logos (
        tenant_id text not null,
        site_id text not null references portal.portal_sites on delete cascade,
        id text not null,
        content_type text not null,
        content bytea not null,
        primary key (tenant_id, site_id)
      );
      ${tenantTable('portal.portal_site_logos')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table portal.portal_site_logos;
      alter table portal.portal_sites drop column description, drop column accent_color, drop column logo`);
  }
}
