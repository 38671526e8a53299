import { newId } from '@tollgate/contracts';
import type { UnitOfWork } from '@tollgate/persistence';
import { UserEntity } from './user.entity.ts';

/** People, in system units only. */
export const usersRepository = {
  findByEmail: (unit: UnitOfWork, email: string): Promise<UserEntity | null> =>
    unit.manager.findOneBy(UserEntity, { email }),

  get: (unit: UnitOfWork, id: string): Promise<UserEntity> => unit.manager.findOneByOrFail(UserEntity, { id }),

  exists: (unit: UnitOfWork, id: string): Promise<boolean> => unit.manager.existsBy(UserEntity, { id }),

  async insert(
    unit: UnitOfWork,
    person: { email: string; name: string; passwordHash: string; isOperator?: boolean },
  ): Promise<UserEntity> {
    const user: UserEntity = { isOperator: false, ...person, id: newId('usr'), createdAt: new Date() };
    await unit.manager.insert(UserEntity, user);
    return user;
  },

  async update(
    unit: UnitOfWork,
    id: string,
    change: Partial<Pick<UserEntity, 'name' | 'passwordHash'>>,
  ): Promise<void> {
    await unit.manager.update(UserEntity, id, change);
  },

  /** Sessions and password links go with the row. */
  async delete(unit: UnitOfWork, id: string): Promise<void> {
    await unit.manager.delete(UserEntity, { id });
  },
};
