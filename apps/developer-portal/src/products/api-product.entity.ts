import type { ProductBinding, ProductState, ProductVisibility } from '@tollgate/contracts/rest/portal';
import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('api_products')
export class ApiProductEntity extends VersionedEntity {
  @Column('text')
  name!: string;

  @Column('text')
  description!: string;

  @Column('text')
  docs!: string;

  @Column('text')
  visibility!: ProductVisibility;

  @Column('text')
  state!: ProductState;

  @Column('jsonb')
  bindings!: ProductBinding[];
}
