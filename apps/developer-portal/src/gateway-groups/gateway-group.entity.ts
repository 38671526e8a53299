import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the portal knows of a gateway group, from its events. */
@Entity('gateway_groups')
export class GatewayGroupEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text')
  name!: string;

  @Column('jsonb')
  hosts!: string[];

  /** URLs by which clients reach it; empty: not known. */
  @Column('jsonb')
  addresses!: string[];

  /** A deleted group stays known, so that late news of its creation do not bring it back. */
  @Column('boolean')
  deleted!: boolean;
}
