import type { ResourceKind } from '@tollgate/contracts/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `template_version` of a reference that takes the newest version at publish. */
export const latestVersion = 0;

/** A resource as it will be; without a value it will be gone at the next publish. */
@Entity('draft_resources')
export class DraftResourceEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'group_id' })
  groupId!: string;

  @PrimaryColumn('text')
  kind!: ResourceKind;

  @PrimaryColumn('text')
  id!: string;

  /** `<kind>/<id>`: orders lists over all kinds. */
  @Column({ type: 'text', insert: false, update: false })
  key!: string;

  /** Name, else id, in lower case, then the id. */
  @Column({ type: 'text', name: 'name_order', insert: false, update: false })
  nameOrder!: string;

  /** When it was changed, then the id. */
  @Column({ type: 'text', name: 'changed_order', insert: false, update: false })
  changedOrder!: string;

  /** Null in the global part of the group. */
  @Column('text', { name: 'workspace_id', nullable: true })
  workspaceId!: string | null;

  @Column('jsonb', { nullable: true })
  value!: Record<string, unknown> | null;

  @Column('text', { name: 'template_id', nullable: true })
  templateId!: string | null;

  @Column('integer', { name: 'template_version', nullable: true })
  templateVersion!: number | null;

  /** The service whose OpenAPI import made this, and may change and remove it. */
  @Column('text', { name: 'imported_by', nullable: true })
  importedBy!: string | null;

  /** Hash of the compiled value; null when the resource was removed. */
  @Column('text', { name: 'content_hash', nullable: true })
  contentHash!: string | null;

  /** Hash in the revision in force; null when it is not part of it. */
  @Column('text', { name: 'published_hash', nullable: true })
  publishedHash!: string | null;

  @Column({ type: 'boolean', name: 'is_changed', insert: false, update: false })
  isChanged!: boolean;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
