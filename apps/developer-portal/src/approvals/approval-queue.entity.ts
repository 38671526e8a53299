import type { ApprovalKind } from '@tollgate/contracts/rest/portal';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of the view `approval_queue`: everything that waits for an administrator. */
@Entity('approval_queue')
export class ApprovalQueueEntity {
  /** Time of the request and id: unique, and in the order of waiting. */
  @PrimaryColumn('text')
  position!: string;

  @Column('text')
  kind!: ApprovalKind;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  @Column('text', { name: 'developer_id' })
  developerId!: string;

  @Column('text', { name: 'developer_name' })
  developerName!: string;

  @Column('text', { name: 'developer_email' })
  developerEmail!: string;

  @Column('boolean', { name: 'email_verified' })
  emailVerified!: boolean;

  @Column('text', { name: 'subscription_id', nullable: true })
  subscriptionId!: string | null;

  @Column('text', { name: 'application_name', nullable: true })
  applicationName!: string | null;

  @Column('text', { name: 'product_name', nullable: true })
  productName!: string | null;

  @Column('text', { name: 'plan_name', nullable: true })
  planName!: string | null;
}
