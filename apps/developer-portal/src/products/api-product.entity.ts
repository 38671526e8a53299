import type {
  GuideSummary,
  ProductBinding,
  ProductState,
  ProductVisibility,
  ReferenceSummary,
} from '@tollgate/contracts/rest/portal';
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

  /** Of the document in `product_references`; null when there is none. */
  @Column('jsonb', { nullable: true })
  reference!: ReferenceSummary | null;

  /** Of the texts in `product_guides`, in their order. */
  @Column('jsonb')
  guides!: GuideSummary[];
}
