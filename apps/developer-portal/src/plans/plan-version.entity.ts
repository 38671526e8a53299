import type { ApprovalMode, PlanTerms } from '@tollgate/contracts/rest/portal';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('plan_versions')
export class PlanVersionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text', { name: 'plan_id' })
  planId!: string;

  @Column('integer')
  number!: number;

  @Column('jsonb', { name: 'call_limit', nullable: true })
  limit!: PlanTerms['limit'];

  @Column('jsonb', { name: 'call_quota', nullable: true })
  quota!: PlanTerms['quota'];

  @Column('text')
  approval!: ApprovalMode;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
