import type { SubscriptionState } from '@tollgate/contracts/rest/portal';
import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('subscriptions')
export class SubscriptionEntity extends VersionedEntity {
  @Column('text', { name: 'application_id' })
  applicationId!: string;

  @Column('text', { name: 'developer_id' })
  developerId!: string;

  @Column('text', { name: 'product_id' })
  productId!: string;

  @Column('text', { name: 'plan_id' })
  planId!: string;

  @Column('text', { name: 'plan_version_id' })
  planVersionId!: string;

  @Column('text', { name: 'requested_plan_version_id', nullable: true })
  requestedPlanVersionId!: string | null;

  @Column('text')
  state!: SubscriptionState;

  /** Since when the plan version is in force; null while it never was. */
  @Column('timestamptz', { name: 'plan_since', nullable: true })
  planSince!: Date | null;

  /** Since when an administrator is waited for; null when none is. */
  @Column('timestamptz', { name: 'waiting_since', nullable: true })
  waitingSince!: Date | null;
}
