import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Lets data planes enrol into a pool. The secret itself is kept nowhere. */
@Entity('enrolment_tokens')
export class EnrolmentTokenEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Null for tokens of shared pools. */
  @Column('text', { name: 'tenant_id', nullable: true })
  tenantId!: string | null;

  @Column('text', { name: 'pool_id' })
  poolId!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'secret_sha256' })
  secretSha256!: string;

  @Column('boolean')
  reusable!: boolean;

  @Column('integer')
  uses!: number;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
