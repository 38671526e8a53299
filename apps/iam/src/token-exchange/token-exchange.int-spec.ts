import { InternalTokenVerifier } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { checkCredential, getSigningKeys, snapshotEnvironments, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SigningKeysService } from '../signing-keys/signing-keys.service.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
});
afterAll(() => iam.close());

const dayMs = 24 * 60 * 60 * 1000;
const verifierOf = (audience: 'iam' | 'analytics') =>
  new InternalTokenVerifier(audience, new URL(getSigningKeys.path, iam.service.url));

describe('an internal token', () => {
  it('says who calls, to the service it is for and to no other', async () => {
    const owner = await iam.anybody.signUp();
    const { token, principal } = await iam.edge.exchange(owner.credential ?? '');
    expect(principal).toMatchObject({ kind: 'user', tenantId: owner.tenantId, credentialId: owner.session?.sessionId });
    expect(await verifierOf('iam').verify(token)).toEqual(principal);
    expect(await verifierOf('analytics').verify(token)).toBeNull();
  });

  it('is given to services only', async () => {
    const owner = await iam.anybody.signUp();
    const { token } = await iam.edge.exchange(owner.credential ?? '');
    const body = { credential: owner.credential, audience: 'analytics' };
    for (const bearer of [undefined, owner.credential, token]) {
      expect((await iam.edge.sendAs(bearer, 'POST', '/internal/v1/token-exchange', { body })).status).toBe(401);
    }
  });

  it.each(['', 'tg_pat_short', `tg_ses_${'A'.repeat(49)}`, 'x'.repeat(512)])(
    'is not given for %j',
    async (credential) => {
      await expect(iam.edge.exchange(credential)).rejects.toMatchObject({
        definition: { status: credential === '' ? 400 : 401 },
      });
    },
  );
});

describe('signing keys', () => {
  it('change every day; tokens of the day before still hold, those of older days do not', async () => {
    const keys = iam.service.app.get(SigningKeysService, { strict: false });
    const today = await keys.current();
    expect((await keys.current()).keyId).toBe(today.keyId);
    const tomorrow = await keys.current(Date.now() + dayMs);
    expect(tomorrow.keyId).not.toBe(today.keyId);
    const published = (await keys.publicKeys()).map((key) => key['kid']);
    expect(published).toEqual([tomorrow.keyId, today.keyId]);
    await keys.current(Date.now() + 2 * dayMs);
    expect((await keys.publicKeys()).map((key) => key['kid'])).not.toContain(today.keyId);
  });

  it('are the same in every instance, and sealed in the database', async () => {
    const first = iam.service.app.get(SigningKeysService, { strict: false });
    const rows = await iam.database.query<{ row: string }>('select k::text as row from iam.signing_keys k');
    expect(rows.map(({ row }) => row).join()).not.toContain('PRIVATE KEY');
    expect(JSON.stringify(await first.publicKeys())).not.toContain('"d"');
  });
});

describe('a service that cannot ask Redis', () => {
  it('learns from iam whether a credential was revoked', async () => {
    const owner = await iam.anybody.signUp();
    const credentialId = owner.session?.sessionId ?? '';
    const ask = () => iam.edge.client.call(checkCredential, { params: { credentialId } });
    expect(await ask()).toEqual({ revoked: false });
    await owner.post('/api/v1/auth/logout');
    expect(await ask()).toEqual({ revoked: true });
    expect(await iam.edge.client.call(checkCredential, { params: { credentialId: newId('tok') } })).toEqual({
      revoked: true,
    });
  });
});

describe('a snapshot', () => {
  it('has every tenant and environment, page by page', async () => {
    const owner = await iam.anybody.signUp();
    await owner.post('/api/v1/projects', { name: 'Shop', environments: ['dev', 'prd'] });
    const environments = [];
    let cursor: string | undefined;
    do {
      const page = await iam.edge.client.call(snapshotEnvironments, {
        query: { limit: 1, ...(cursor ? { cursor } : {}) },
      });
      environments.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const mine = environments.filter(({ tenantId }) => tenantId === owner.tenantId);
    expect(mine).toMatchObject([
      { name: 'dev', projectName: 'Shop', version: 1 },
      { name: 'prd', projectName: 'Shop', version: 1 },
    ]);
    const tenants = await iam.edge.client.call(snapshotTenants, { query: { limit: 200 } });
    expect(tenants.items).toContainEqual(expect.objectContaining({ tenantId: owner.tenantId, status: 'active' }));
  });
});
