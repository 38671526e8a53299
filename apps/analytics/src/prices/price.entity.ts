import type { PriceTerms } from '@tollgate/contracts/rest/analytics';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('prices')
export class PriceEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text', { name: 'plan_version_id' })
  planVersionId!: string;

  @Column('text')
  currency!: string;

  @Column('jsonb')
  terms!: PriceTerms;

  @Column('timestamptz', { name: 'effective_from' })
  effectiveFrom!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
