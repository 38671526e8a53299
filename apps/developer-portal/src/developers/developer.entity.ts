import type { DeveloperState } from '@tollgate/contracts/rest/portal';
import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('developers')
export class DeveloperEntity extends VersionedEntity {
  @Column('text', { name: 'site_id' })
  siteId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;

  @Column('boolean', { name: 'email_verified' })
  emailVerified!: boolean;

  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('text')
  state!: DeveloperState;
}
