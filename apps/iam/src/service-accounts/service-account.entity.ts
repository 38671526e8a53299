import type { Permission } from '@tollgate/contracts/auth';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('service_accounts')
export class ServiceAccountEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;

  @Column('text', { array: true })
  permissions!: Permission[];

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
