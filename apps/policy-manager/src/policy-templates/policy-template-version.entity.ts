import type { Plugins } from '@tollgate/contracts/gateway';
import type { PolicySet } from '@tollgate/contracts/rest/policy';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('policy_template_versions')
export class PolicyTemplateVersionEntity {
  @PrimaryColumn('text', { name: 'template_id' })
  templateId!: string;

  @PrimaryColumn('integer')
  number!: number;

  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  /** Name of the template when the version was published. */
  @Column('text')
  name!: string;

  @Column('text')
  note!: string;

  @Column('jsonb')
  policies!: PolicySet;

  /** What the policies resolve to, kept because the catalogue of a later release may order them differently. */
  @Column('jsonb')
  plugins!: Plugins;

  @Column('text', { name: 'content_hash' })
  contentHash!: string;

  @Column('timestamptz', { name: 'published_at' })
  publishedAt!: Date;

  @Column('text', { name: 'published_by' })
  publishedBy!: string;
}
