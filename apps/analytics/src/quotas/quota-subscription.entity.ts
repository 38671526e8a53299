import type { QuotaMetered } from '@tollgate/contracts/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was told of a subscription; read only. */
@Entity('quota_subscriptions')
export class QuotaSubscriptionEntity {
  @PrimaryColumn('text', { name: 'subscription_id' })
  subscriptionId!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('boolean', { name: 'is_live' })
  isLive!: boolean;

  @Column('boolean', { name: 'has_quota' })
  hasQuota!: boolean;

  @Column('integer', { name: 'told_version' })
  toldVersion!: number;

  @Column('timestamptz', { name: 'told_at' })
  toldAt!: Date;

  /** Null until something was told. */
  @Column('jsonb', { nullable: true })
  told!: QuotaMetered | null;
}
