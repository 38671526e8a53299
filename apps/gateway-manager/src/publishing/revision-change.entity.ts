import type { ResourceKind } from '@tollgate/contracts/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One resource that a revision added (no hash before), changed, or removed (no hash after). */
@Entity('revision_changes')
export class RevisionChangeEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'group_id' })
  groupId!: string;

  @PrimaryColumn('integer')
  revision!: number;

  @PrimaryColumn('text')
  kind!: ResourceKind;

  @PrimaryColumn('text')
  id!: string;

  /** `<kind>/<id>`: orders lists over all kinds. */
  @Column({ type: 'text', insert: false, update: false })
  key!: string;

  @Column('text', { name: 'workspace_id', nullable: true })
  workspaceId!: string | null;

  @Column('text', { name: 'before_hash', nullable: true })
  beforeHash!: string | null;

  @Column('text', { name: 'after_hash', nullable: true })
  afterHash!: string | null;
}
