import { operatorPermissions, type Permission, type Principal, rolePermissions } from '@tollgate/contracts/auth';
import type { AccessTokenRow, SessionRow } from './credentials.repository.ts';

/** Whoever belongs to a suspended tenant can read but not change. */
function inTenant(permissions: readonly Permission[], status: 'active' | 'suspended' | null): Permission[] {
  return permissions.filter((permission) => status === 'active' || permission.endsWith('.read'));
}

/** The principal of a session. Without a membership it acts in no tenant and may do nothing but read itself. */
export function principalOfSession(row: SessionRow): Principal {
  const person = { id: row.userId, name: row.name, credentialId: row.id };
  if (row.isOperator) return { ...person, kind: 'operator', permissions: [...operatorPermissions] };
  if (row.tenantId === null || row.role === null) return { ...person, kind: 'user', permissions: [] };
  const permissions = inTenant(rolePermissions[row.role], row.tenantStatus);
  return { ...person, kind: 'user', tenantId: row.tenantId, permissions };
}

/** The principal of an access token: what the token says, as far as its owner still may. Null when the owner is gone. */
export function principalOfAccessToken(row: AccessTokenRow): Principal | null {
  const owners = row.ownerKind === 'user' ? row.role && rolePermissions[row.role] : row.accountPermissions;
  if (!owners) return null;
  const allowed = new Set<Permission>(owners);
  return {
    kind: row.ownerKind,
    id: row.ownerId,
    ...(row.name === null ? {} : { name: row.name }),
    tenantId: row.tenantId,
    credentialId: row.id,
    permissions: inTenant(
      row.permissions.filter((permission) => allowed.has(permission)),
      row.tenantStatus,
    ),
  };
}
