import type { Heartbeat } from '@tollgate/contracts/dataplane';
import type { DataPlaneStatus } from '@tollgate/contracts/rest/gateway';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One gateway instance that enrolled. */
@Entity('data_planes')
export class DataPlaneEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Null for instances of shared pools. */
  @Column('text', { name: 'tenant_id', nullable: true })
  tenantId!: string | null;

  @Column('text', { name: 'pool_id' })
  poolId!: string;

  /** Host name it told, for people. */
  @Column('text')
  name!: string;

  @Column('text')
  status!: DataPlaneStatus;

  @Column('timestamptz', { name: 'status_since' })
  statusSince!: Date;

  @Column('text', { name: 'software_version' })
  softwareVersion!: string;

  @Column('boolean', { name: 'is_draining' })
  isDraining!: boolean;

  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;

  /** Since when a heartbeat has shown an older configuration than the one in force. */
  @Column('timestamptz', { name: 'behind_since', nullable: true })
  behindSince!: Date | null;

  @Column('timestamptz', { name: 'certificate_expires_at' })
  certificateExpiresAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column('integer', { name: 'clock_offset_ms', nullable: true })
  clockOffsetMs!: number | null;

  @Column('jsonb', { nullable: true })
  load!: Heartbeat['load'] | null;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** A certificate that was issued to an instance; the id is its serial number. */
@Entity('client_certificates')
export class ClientCertificateEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id', nullable: true })
  tenantId!: string | null;

  @Column('text', { name: 'data_plane_id' })
  dataPlaneId!: string;

  @Column('timestamptz', { name: 'not_after' })
  notAfter!: Date;
}
