import type { Permission, Role } from '@tollgate/contracts/auth';
import type { UnitOfWork } from '@tollgate/persistence';

type TenantStatus = 'active' | 'suspended';

/** A live session with its person and their role in the tenant that the session acts in. */
export interface SessionRow {
  id: string;
  userId: string;
  name: string;
  isOperator: boolean;
  tenantId: string | null;
  role: Role | null;
  tenantStatus: TenantStatus | null;
  isStale: boolean;
}

/** A live access token with its owner's rights: a person's by role, a service account's as listed. */
export interface AccessTokenRow {
  id: string;
  ownerKind: 'user' | 'service-account';
  ownerId: string;
  name: string | null;
  permissions: Permission[];
  tenantId: string;
  tenantStatus: TenantStatus;
  role: Role | null;
  accountPermissions: Permission[] | null;
  isStale: boolean;
}

/** Uses are written down at most this often. */
const stalePeriod = `interval '5 minutes'`;

export async function findSession(unit: UnitOfWork, tokenHash: string): Promise<SessionRow | undefined> {
  const rows = await unit.manager.query<SessionRow[]>(
    `select s.id, s.user_id as "userId", u.name, u.is_operator as "isOperator", s.tenant_id as "tenantId", m.role,
       t.status as "tenantStatus", s.last_seen_at < now() - ${stalePeriod} as "isStale"
     from sessions s
     join users u on u.id = s.user_id
     left join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
     left join tenants t on t.id = s.tenant_id
     where s.token_hash = $1 and s.ended_at is null and s.expires_at > now()`,
    [tokenHash],
  );
  return rows[0];
}

/** A used session lives on: 12 hours from now, 30 days in all. */
export async function touchSession(unit: UnitOfWork, id: string): Promise<void> {
  await unit.manager.query(
    `update sessions set last_seen_at = now(),
       expires_at = least(created_at + interval '30 days', now() + interval '12 hours') where id = $1`,
    [id],
  );
}

export async function findAccessToken(unit: UnitOfWork, tokenHash: string): Promise<AccessTokenRow | undefined> {
  const rows = await unit.manager.query<AccessTokenRow[]>(
    `select k.id, k.owner_kind as "ownerKind", k.owner_id as "ownerId", coalesce(u.name, a.name) as name, k.permissions,
       k.tenant_id as "tenantId", t.status as "tenantStatus", m.role, a.permissions as "accountPermissions",
       k.last_used_at is null or k.last_used_at < now() - ${stalePeriod} as "isStale"
     from access_tokens k
     join tenants t on t.id = k.tenant_id
     left join memberships m on k.owner_kind = 'user' and m.tenant_id = k.tenant_id and m.user_id = k.owner_id
     left join users u on u.id = m.user_id
     left join service_accounts a
       on k.owner_kind = 'service-account' and a.tenant_id = k.tenant_id and a.id = k.owner_id
     where k.token_hash = $1 and k.revoked_at is null and k.expires_at > now()`,
    [tokenHash],
  );
  return rows[0];
}

export async function touchAccessToken(unit: UnitOfWork, id: string): Promise<void> {
  await unit.manager.query('update access_tokens set last_used_at = now() where id = $1', [id]);
}
