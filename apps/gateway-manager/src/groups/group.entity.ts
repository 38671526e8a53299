import type { ErrorFormat, QuotaWhenCutOff } from '@tollgate/contracts/gateway';
import type { PoolKind, UpstreamSettings } from '@tollgate/contracts/rest/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('gateway_groups')
export class GroupEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  name!: string;

  @Column('text', { array: true })
  hosts!: string[];

  @Column('text', { name: 'pool_id' })
  poolId!: string;

  @Column('text', { name: 'pool_kind' })
  poolKind!: PoolKind;

  @Column('text', { name: 'error_format' })
  errorFormat!: ErrorFormat;

  @Column('integer', { name: 'max_access_age_seconds', nullable: true })
  maxAccessAgeSeconds!: number | null;

  @Column('text', { name: 'quota_when_cut_off' })
  quotaWhenCutOff!: QuotaWhenCutOff;

  @Column('jsonb', { nullable: true })
  upstreams!: UpstreamSettings;

  @Column('text', { name: 'public_urls', array: true })
  publicUrls!: string[];

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
