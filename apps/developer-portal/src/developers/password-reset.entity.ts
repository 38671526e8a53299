import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Right to set a developer's password anew; works once. */
@Entity('developer_password_resets')
export class PasswordResetEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'token_sha256' })
  tokenSha256!: string;

  @Column('text', { name: 'developer_id' })
  developerId!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
