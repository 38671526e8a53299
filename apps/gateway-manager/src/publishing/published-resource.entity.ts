import type { ResourceKind } from '@tollgate/contracts/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One line of the full index of the revision in force. */
@Entity('published_resources')
export class PublishedResourceEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'group_id' })
  groupId!: string;

  @PrimaryColumn('text')
  kind!: ResourceKind;

  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'workspace_id', nullable: true })
  workspaceId!: string | null;

  @Column('text', { name: 'content_hash' })
  contentHash!: string;
}
