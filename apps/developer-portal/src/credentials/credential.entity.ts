import type { CredentialKind, CredentialState } from '@tollgate/contracts/rest/portal';
import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('credentials')
export class CredentialEntity extends VersionedEntity {
  @Column('text', { name: 'subscription_id' })
  subscriptionId!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'key_sha256' })
  keySha256!: string;

  @Column('text')
  hint!: string;

  @Column('text')
  kind!: CredentialKind;

  @Column('text')
  state!: CredentialState;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
