import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../shared/versioned.entity.ts';

@Entity('applications')
export class ApplicationEntity extends VersionedEntity {
  @Column('text', { name: 'developer_id' })
  developerId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  description!: string;
}
