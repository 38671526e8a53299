import type { ApprovalMode } from '@tollgate/contracts/rest/portal';
import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('portal_sites')
export class PortalSiteEntity extends VersionedEntity {
  @Column('text')
  name!: string;

  @Column('text')
  slug!: string;

  @Column('text', { name: 'sign_up_approval' })
  signUpApproval!: ApprovalMode;

  /** Mirrors the tenant's suspension. */
  @Column('boolean', { name: 'sign_up_open' })
  signUpOpen!: boolean;

  /** Version of the tenant that `signUpOpen` mirrors; older news are ignored. */
  @Column('integer', { name: 'tenant_version' })
  tenantVersion!: number;
}
