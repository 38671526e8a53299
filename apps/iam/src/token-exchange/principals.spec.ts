import { operatorPermissions, rolePermissions } from '@tollgate/contracts/auth';
import { describe, expect, it } from 'vitest';
import type { AccessTokenRow, SessionRow } from './credentials.repository.ts';
import { principalOfAccessToken, principalOfSession } from './principals.ts';

const session: SessionRow = {
  id: 'ses_1',
  userId: 'usr_1',
  name: 'Ann',
  isOperator: false,
  tenantId: 'tnt_1',
  role: 'editor',
  tenantStatus: 'active',
  isStale: false,
};

const token: AccessTokenRow = {
  id: 'tok_1',
  ownerKind: 'user',
  ownerId: 'usr_1',
  name: 'Ann',
  permissions: ['config.read', 'config.write', 'members.write'],
  tenantId: 'tnt_1',
  tenantStatus: 'active',
  role: 'editor',
  accountPermissions: null,
  isStale: false,
};

describe('a session', () => {
  it('has the permissions of the role in its tenant', () => {
    expect(principalOfSession(session)).toEqual({
      kind: 'user',
      id: 'usr_1',
      name: 'Ann',
      credentialId: 'ses_1',
      tenantId: 'tnt_1',
      permissions: [...rolePermissions.editor],
    });
  });

  it('only reads while its tenant is suspended', () => {
    const { permissions } = principalOfSession({ ...session, role: 'owner', tenantStatus: 'suspended' });
    expect(permissions).toContain('config.read');
    expect(permissions.filter((permission) => !permission.endsWith('.read'))).toEqual([]);
  });

  it('may do nothing once its person is no member any more', () => {
    const principal = principalOfSession({ ...session, role: null });
    expect(principal.permissions).toEqual([]);
    expect(principal.tenantId).toBeUndefined();
  });

  it('of an operator is in no tenant and has operator permissions only', () => {
    const principal = principalOfSession({ ...session, isOperator: true });
    expect(principal).toMatchObject({ kind: 'operator', permissions: operatorPermissions });
    expect(principal.tenantId).toBeUndefined();
  });
});

describe('an access token', () => {
  it('has no permission that its owner lost', () => {
    expect(principalOfAccessToken(token)?.permissions).toEqual(['config.read', 'config.write']);
    expect(principalOfAccessToken({ ...token, role: 'viewer' })?.permissions).toEqual(['config.read']);
  });

  it('is nothing once its owner is gone', () => {
    expect(principalOfAccessToken({ ...token, role: null })).toBeNull();
    expect(principalOfAccessToken({ ...token, ownerKind: 'service-account', role: null })).toBeNull();
  });

  it('of a service account has no permission that the account lacks', () => {
    const row = { ...token, ownerKind: 'service-account', role: null, accountPermissions: ['config.write'] } as const;
    expect(principalOfAccessToken({ ...row, accountPermissions: [...row.accountPermissions] })).toMatchObject({
      kind: 'service-account',
      permissions: ['config.write'],
    });
  });

  it('only reads while its tenant is suspended', () => {
    expect(principalOfAccessToken({ ...token, tenantStatus: 'suspended' })?.permissions).toEqual(['config.read']);
  });
});
