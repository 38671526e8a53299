import type { AccentColor, ApprovalMode, SiteLogo } from '@tollgate/contracts/rest/portal';
import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

/** What a site's row tells of its logo. */
export interface StoredLogo {
  /** From the image itself: another image has another one. */
  id: string;
  contentType: SiteLogo['contentType'];
}

@Entity('portal_sites')
export class PortalSiteEntity extends VersionedEntity {
  @Column('text')
  name!: string;

  @Column('text')
  slug!: string;

  @Column('text', { name: 'sign_up_approval' })
  signUpApproval!: ApprovalMode;

  @Column('text')
  description!: string;

  @Column('text', { name: 'accent_color' })
  accentColor!: AccentColor;

  /** Of the image in `portal_site_logos`; null when there is none. */
  @Column('jsonb', { nullable: true })
  logo!: StoredLogo | null;

  /** Mirrors the tenant's suspension. */
  @Column('boolean', { name: 'sign_up_open' })
  signUpOpen!: boolean;

  /** Version of the tenant that `signUpOpen` mirrors; older news are ignored. */
  @Column('integer', { name: 'tenant_version' })
  tenantVersion!: number;
}
