import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { StoredLogo } from './portal-site.entity.ts';

/** An image and what it is. */
export type LogoImage = StoredLogo & { readonly content: Buffer };

/** Images of portal sites, one for each. */
@Injectable()
export class SiteLogosRepository {
  /** @throws ApiError `resource.not_found` also when the site has another one by now. */
  async get({ manager }: UnitOfWork, siteId: string, logoId: string): Promise<LogoImage> {
    const [logo] = await manager.query<LogoImage[]>(
      'select id, content_type as "contentType", content from portal_site_logos where site_id = $1 and id = $2',
      [siteId, logoId],
    );
    if (logo === undefined) throw new ApiError(commonErrors.notFound);
    return logo;
  }

  async put({ manager, tenantId }: UnitOfWork, siteId: string, { id, contentType, content }: LogoImage): Promise<void> {
    await manager.query(
      `insert into portal_site_logos (tenant_id, site_id, id, content_type, content) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, site_id) do update
         set id = excluded.id, content_type = excluded.content_type, content = excluded.content`,
      [tenantId, siteId, id, contentType, content],
    );
  }

  async delete({ manager }: UnitOfWork, siteId: string): Promise<void> {
    await manager.query('delete from portal_site_logos where site_id = $1', [siteId]);
  }
}
