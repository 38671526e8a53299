import type { PolicySet } from '@tollgate/contracts/rest/policy';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('policy_templates')
export class PolicyTemplateEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;

  @Column('jsonb')
  draft!: PolicySet;

  @Column('integer', { name: 'latest_version' })
  latestVersion!: number;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  /** Set when people removed it; its versions stay, because revisions and references name them. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  /** The name in lower case, then the id. */
  @Column({ type: 'text', name: 'name_order', insert: false, update: false })
  nameOrder!: string;

  /** When it was changed, then the id. */
  @Column({ type: 'text', name: 'changed_order', insert: false, update: false })
  changedOrder!: string;
}

/** A template as it is written; the database makes the rest. */
export type PolicyTemplateRow = Omit<PolicyTemplateEntity, 'nameOrder' | 'changedOrder'>;
