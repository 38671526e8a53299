import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { Credential, CredentialKind } from '@tollgate/contracts/rest/portal';
import { getForChange, mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { LessThanOrEqual } from 'typeorm';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { CredentialEntity } from './credential.entity.ts';

/** A credential with the hash of its key, which no answer to people holds. */
export type StoredCredential = Credential & { keySha256: string };

/** A credential whose time is over, and whose it is. */
export interface DueCredential {
  id: string;
  tenantId: string;
  subscriptionId: string;
}

@Injectable()
export class CredentialsRepository {
  /** Keys of the kind. */
  async list(
    { manager }: UnitOfWork,
    subscriptionId: string,
    page: PageQuery,
    kind: CredentialKind = 'key',
  ): Promise<Page<StoredCredential>> {
    const query = manager
      .createQueryBuilder(CredentialEntity, 'credential')
      .where('credential.subscriptionId = :subscriptionId and credential.kind = :kind', { subscriptionId, kind });
    return mapPage(await readPage(query, page), toCredential);
  }

  /** All but what was made for trying and ended an hour ago or more: whoever keeps a copy forgets those, too. */
  async listAll({ manager }: UnitOfWork, page: PageQuery): Promise<Page<StoredCredential>> {
    const query = manager
      .createQueryBuilder(CredentialEntity, 'credential')
      .where(`(credential.kind = 'key' or credential.expiresAt > now() - interval '1 hour')`);
    return mapPage(await readPage(query, page), toCredential);
  }

  /** Active credentials of a subscription, of one kind or of both, oldest first; their number is bounded. */
  async listActive(
    { manager }: UnitOfWork,
    subscriptionId: string,
    kind?: CredentialKind,
  ): Promise<StoredCredential[]> {
    const rows = await manager.find(CredentialEntity, {
      where: { subscriptionId, state: 'active', ...(kind === undefined ? {} : { kind }) },
      order: { id: 'asc' },
    });
    return rows.map(toCredential);
  }

  /**
   * The credential, locked until the unit ends.
   * @throws ApiError `resource.not_found`, also when it is another subscription's.
   */
  async lock(unit: UnitOfWork, id: string, subscriptionId: string): Promise<StoredCredential> {
    const row = await getForChange(unit, CredentialEntity, id);
    if (row.subscriptionId !== subscriptionId) throw new ApiError(commonErrors.notFound);
    return toCredential(row);
  }

  async insert(
    unit: UnitOfWork,
    fields: Pick<StoredCredential, 'subscriptionId' | 'name' | 'keySha256' | 'hint'> &
      Partial<Pick<CredentialEntity, 'kind' | 'expiresAt'>>,
  ): Promise<StoredCredential> {
    const row = newRow<CredentialEntity>(unit, 'crd', {
      kind: 'key',
      expiresAt: null,
      ...fields,
      state: 'active',
    });
    await unit.manager.insert(CredentialEntity, row);
    return toCredential(row);
  }

  async change(
    unit: UnitOfWork,
    id: string,
    set: Partial<Pick<CredentialEntity, 'state' | 'expiresAt'>>,
  ): Promise<StoredCredential> {
    const row = await getForChange(unit, CredentialEntity, id);
    return toCredential(await changeRow(unit, CredentialEntity, row, set));
  }

  /** Forgets what was made for trying and ended before a moment. */
  async forgetTries({ manager }: UnitOfWork, subscriptionId: string, before: Date): Promise<void> {
    const ended = { state: 'revoked', expiresAt: LessThanOrEqual(before) } as const;
    await manager.delete(CredentialEntity, { subscriptionId, kind: 'try', ...ended });
  }

  /** Active credentials of all tenants past their time; for a system unit. */
  async findDue({ manager }: UnitOfWork, at: Date, limit: number): Promise<DueCredential[]> {
    return manager.find(CredentialEntity, {
      select: { id: true, tenantId: true, subscriptionId: true },
      where: { state: 'active', expiresAt: LessThanOrEqual(at) },
      order: { expiresAt: 'asc' },
      take: limit,
    });
  }
}

function toCredential(row: CredentialEntity): StoredCredential {
  const { id, subscriptionId, name, keySha256, hint, kind, state, expiresAt, version } = row;
  return {
    id,
    subscriptionId,
    name,
    keySha256,
    hint,
    kind,
    state,
    expiresAt: expiresAt?.toISOString() ?? null,
    version,
    ...rowTimes(row),
  };
}
