import type { IdempotencyKey, IdempotencyState, IdempotencyStore } from '@tollgate/platform';
import type { Database } from './database.ts';

const purpose = 'idempotency-keys';

interface StoredKey {
  request_hash: string;
  status: number | null;
  response: string | null;
}

/**
 * Remembers answers of creates for 24 hours. A key that was begun but neither completed nor abandoned (its process was killed) is held
 * for one minute, then the request may run again.
 */
export class PostgresIdempotencyStore implements IdempotencyStore {
  constructor(private readonly database: Database) {}

  async begin(key: IdempotencyKey): Promise<IdempotencyState> {
    return this.database.inSystem(purpose, async ({ manager }) => {
      const claimed = await manager.query<unknown[]>(
        `insert into idempotency_keys as held (scope, key, request_hash, claimed_until, expires_at)
         values ($1, $2, $3, now() + interval '1 minute', now() + interval '24 hours')
         on conflict (scope, key) do update
           set request_hash = excluded.request_hash, status = null, response = null,
               claimed_until = excluded.claimed_until, expires_at = excluded.expires_at
           where held.expires_at < now()
              or (held.status is null and held.claimed_until < now() and held.request_hash = excluded.request_hash)
         returning scope`,
        [scopeOf(key), key.key, key.requestHash],
      );
      if (claimed.length > 0) return { state: 'new' };
      const [stored] = await manager.query<StoredKey[]>(
        'select request_hash, status, response from idempotency_keys where scope = $1 and key = $2',
        [scopeOf(key), key.key],
      );
      if (!stored) return { state: 'running' };
      if (stored.request_hash !== key.requestHash) return { state: 'mismatch' };
      if (stored.status === null || stored.response === null) return { state: 'running' };
      return { state: 'done', status: stored.status, response: stored.response };
    });
  }

  async complete(key: IdempotencyKey, status: number, response: string): Promise<void> {
    await this.database.inSystem(purpose, ({ manager }) =>
      manager.query(
        `update idempotency_keys set status = $4, response = $5
         where scope = $1 and key = $2 and request_hash = $3`,
        [scopeOf(key), key.key, key.requestHash, status, response],
      ),
    );
  }

  async abandon(key: IdempotencyKey): Promise<void> {
    await this.database.inSystem(purpose, ({ manager }) =>
      manager.query(
        'delete from idempotency_keys where scope = $1 and key = $2 and request_hash = $3 and status is null',
        [scopeOf(key), key.key, key.requestHash],
      ),
    );
  }

  /** Deletes keys past their 24 hours. Returns how many. */
  async forgetExpired(): Promise<number> {
    return this.database.inSystem(purpose, async ({ manager }) => {
      const [, count] = await manager.query<[unknown[], number]>(
        'delete from idempotency_keys where expires_at < now()',
      );
      return count;
    });
  }
}

/** One person in two tenants has two sets of keys. */
function scopeOf({ tenantId, principalId }: IdempotencyKey): string {
  return `${tenantId ?? 'platform'}/${principalId}`;
}
