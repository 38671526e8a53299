import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('developer_sessions')
export class DeveloperSessionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text', { name: 'site_id' })
  siteId!: string;

  @Column('text', { name: 'developer_id' })
  developerId!: string;

  @Column('text', { name: 'token_sha256' })
  tokenSha256!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
