import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { Developer, DeveloperState } from '@tollgate/contracts/rest/portal';
import {
  deleteVersioned,
  getForChange,
  mapPage,
  readPage,
  type UnitOfWork,
  whereContains,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { LessThan, MoreThan } from 'typeorm';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { DeveloperEntity } from './developer.entity.ts';
import { MailTokenEntity } from './mail-token.entity.ts';

/** Which developers a list holds; what is not named does not matter. */
export interface DeveloperFilter {
  state?: DeveloperState | undefined;
  siteId?: string | undefined;
  email?: string | undefined;
  /** Part of the name or the mail address. */
  search?: string | undefined;
}

/** A developer and the hash that a log-in is checked against. */
export interface DeveloperLogIn {
  developer: Developer;
  passwordHash: string;
}

/** Names the person who signs up at a site. */
export interface DeveloperName {
  siteId: string;
  email: string;
}

@Injectable()
export class DevelopersRepository {
  async list({ manager }: UnitOfWork, page: PageQuery, filter: DeveloperFilter): Promise<Page<Developer>> {
    const query = manager.createQueryBuilder(DeveloperEntity, 'developer');
    for (const name of ['state', 'siteId', 'email'] as const) {
      if (filter[name] !== undefined) query.andWhere(`developer.${name} = :${name}`, { [name]: filter[name] });
    }
    whereContains(query, ['developer.name', 'developer.email'], filter.search);
    return mapPage(await readPage(query, page), toDeveloper);
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<Developer> {
    const row = await manager.findOneBy(DeveloperEntity, { id });
    if (row === null) throw new ApiError(commonErrors.notFound);
    return toDeveloper(row);
  }

  /**
   * The developer, locked until the unit ends.
   * @throws ApiError `resource.not_found`, or `resource.changed` when the version is another.
   */
  async lock(unit: UnitOfWork, id: string, expectedVersion?: number): Promise<Developer> {
    return toDeveloper(await getForChange(unit, DeveloperEntity, id, expectedVersion));
  }

  async findLogIn({ manager }: UnitOfWork, { siteId, email }: DeveloperName): Promise<DeveloperLogIn | null> {
    const row = await manager.findOneBy(DeveloperEntity, { siteId, email });
    return row === null ? null : { developer: toDeveloper(row), passwordHash: row.passwordHash };
  }

  /**
   * The developer, locked until the unit ends, and the hash that a log-in is checked against.
   * @throws ApiError `resource.not_found`
   */
  async lockLogIn(unit: UnitOfWork, id: string): Promise<DeveloperLogIn> {
    const row = await getForChange(unit, DeveloperEntity, id);
    return { developer: toDeveloper(row), passwordHash: row.passwordHash };
  }

  /** Returns null, and changes nothing, when the mail address is registered at the site. */
  async insert(
    unit: UnitOfWork,
    fields: DeveloperName & { name: string; passwordHash: string },
  ): Promise<Developer | null> {
    const row = newRow<DeveloperEntity>(unit, 'dev', { ...fields, emailVerified: false, state: 'pending' });
    const query = unit.manager.createQueryBuilder().insert().into(DeveloperEntity).values(row).orIgnore();
    const inserted = await query.returning('id').execute();
    return (inserted.raw as unknown[]).length === 0 ? null : toDeveloper(row);
  }

  async change(
    unit: UnitOfWork,
    id: string,
    set: Partial<Pick<DeveloperEntity, 'name' | 'state' | 'emailVerified' | 'passwordHash'>>,
  ): Promise<Developer> {
    const row = await getForChange(unit, DeveloperEntity, id);
    return toDeveloper(await changeRow(unit, DeveloperEntity, row, set));
  }

  async delete(unit: UnitOfWork, developer: Developer): Promise<void> {
    await deleteVersioned(unit, DeveloperEntity, { id: developer.id, expectedVersion: developer.version });
  }

  async addMailToken({ manager }: UnitOfWork, token: MailTokenEntity): Promise<void> {
    await manager.insert(MailTokenEntity, token);
  }

  /** Uses a token up, and with it all others of the developer. Returns null when there is none, or it is past its time. */
  async takeMailToken({ manager }: UnitOfWork, tokenSha256: string): Promise<MailTokenEntity | null> {
    const token = await manager.findOneBy(MailTokenEntity, { tokenSha256, expiresAt: MoreThan(new Date()) });
    if (token === null) return null;
    const taken = await manager.delete(MailTokenEntity, { tokenSha256 });
    if (taken.affected === 0) return null;
    await manager.delete(MailTokenEntity, { developerId: token.developerId });
    return token;
  }

  /** Deletes tokens of all tenants past their time; for a system unit. */
  async forgetMailTokens({ manager }: UnitOfWork, before: Date): Promise<void> {
    await manager.delete(MailTokenEntity, { expiresAt: LessThan(before) });
  }
}

function toDeveloper(row: DeveloperEntity): Developer {
  const { id, siteId, name, email, emailVerified, state, version } = row;
  return { id, siteId, name, email, emailVerified, state, version, ...rowTimes(row) };
}
