import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('plans')
export class PlanEntity extends VersionedEntity {
  @Column('text', { name: 'product_id' })
  productId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;

  @Column('boolean')
  keyless!: boolean;

  @Column('boolean')
  retired!: boolean;

  @Column('text', { name: 'current_version_id' })
  currentVersionId!: string;

  @Column('integer', { name: 'current_number' })
  currentNumber!: number;
}
