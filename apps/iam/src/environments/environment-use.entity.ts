import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A gateway group that belongs to an environment, as its owner reported it. */
@Entity('environment_uses')
export class EnvironmentUseEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text', { name: 'group_id' })
  groupId!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  @Column('text')
  name!: string;
}
