import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who can log in: a global row, read by the system role only. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  @Column('boolean', { name: 'is_operator' })
  isOperator!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
