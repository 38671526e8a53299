import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('signing_keys')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Number of the rotation period that the key signs in; one key per period. */
  @Column('bigint')
  period!: string;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk!: object;

  @Column('text', { name: 'sealed_private_key' })
  sealedPrivateKey!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
