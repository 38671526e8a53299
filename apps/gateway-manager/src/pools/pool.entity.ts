import type { PoolKind } from '@tollgate/contracts/rest/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('pools')
export class PoolEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Null for the operator's shared pools, which only system units see. */
  @Column('text', { name: 'tenant_id', nullable: true })
  tenantId!: string | null;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: PoolKind;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
