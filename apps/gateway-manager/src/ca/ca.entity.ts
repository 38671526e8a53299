import { Column, Entity, PrimaryColumn } from 'typeorm';

export type AuthorityKind = 'root' | 'intermediate';

/** A certificate of the platform's own CA. */
@Entity('certificate_authorities')
export class AuthorityEntity {
  /** Serial number, hexadecimal. */
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  kind!: AuthorityKind;

  @Column('text')
  certificate!: string;

  /** PKCS#8 sealed under the platform key; null for a root whose key was taken offline. */
  @Column('text', { name: 'sealed_key', nullable: true })
  sealedKey!: string | null;

  @Column('timestamptz', { name: 'not_after' })
  notAfter!: Date;
}
