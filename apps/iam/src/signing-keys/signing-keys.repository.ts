import type { UnitOfWork } from '@tollgate/persistence';
import { LessThan } from 'typeorm';
import { SigningKeyEntity } from './signing-key.entity.ts';

/** Keys of internal tokens, in system units. */
export const signingKeysRepository = {
  /** Newest first. */
  list: (unit: UnitOfWork): Promise<SigningKeyEntity[]> =>
    unit.manager.find(SigningKeyEntity, { order: { period: 'DESC' } }),

  find: (unit: UnitOfWork, period: number): Promise<SigningKeyEntity | null> =>
    unit.manager.findOneBy(SigningKeyEntity, { period: String(period) }),

  /** Does nothing when the period has a key already. */
  async insertIfNone(unit: UnitOfWork, row: Omit<SigningKeyEntity, 'createdAt'>): Promise<void> {
    await unit.manager.createQueryBuilder().insert().into(SigningKeyEntity).values(row).orIgnore().execute();
  },

  async deleteBefore(unit: UnitOfWork, period: number): Promise<void> {
    await unit.manager.delete(SigningKeyEntity, { period: LessThan(String(period)) });
  },
};
