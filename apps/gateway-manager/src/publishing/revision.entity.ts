import type { Revision } from '@tollgate/contracts/rest/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('revisions')
export class RevisionEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'group_id' })
  groupId!: string;

  @PrimaryColumn('integer')
  revision!: number;

  @Column('text')
  hash!: string;

  @Column('text')
  cause!: Revision['cause'];

  /** The part that was replaced; null for the whole group. */
  @Column('text', { name: 'workspace_id', nullable: true })
  workspaceId!: string | null;

  @Column('integer', { name: 'restored_revision', nullable: true })
  restoredRevision!: number | null;

  @Column('text')
  note!: string;

  @Column('integer')
  changed!: number;

  @Column('jsonb', { name: 'published_by' })
  publishedBy!: Revision['publishedBy'];

  @Column('timestamptz', { name: 'published_at' })
  publishedAt!: Date;
}
