import type { Role } from '@tollgate/contracts/auth';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

/** What members of one organisation see of each other; the database shows no other columns and no other people. */
@Entity('users')
export class PersonEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text')
  name!: string;
}

/** A person's role in an organisation. */
@Entity('memberships')
export class MembershipEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @ManyToOne(() => PersonEntity)
  @JoinColumn({ name: 'user_id' })
  person!: Relation<PersonEntity>;

  @Column('text')
  role!: Role;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
