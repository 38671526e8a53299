import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Proof that a mail address was read; works once. Whose link is followed, that sign-up's name and password count. */
@Entity('developer_mail_tokens')
export class MailTokenEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'token_sha256' })
  tokenSha256!: string;

  @Column('text', { name: 'developer_id' })
  developerId!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
