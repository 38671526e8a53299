import { newId } from '@tollgate/contracts';
import type { Tenant } from '@tollgate/contracts/rest/iam';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
let operator: Caller;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
  operator = await iam.operator();
});
afterAll(() => iam.close());

const at = (tenantId: string, action = '') => `/api/v1/operator/tenants/${tenantId}${action}`;

describe('an operator', () => {
  it('is in no organisation and sees all', async () => {
    const [one, other] = await Promise.all([iam.anybody.signUp(), iam.anybody.signUp()]);
    const me = await operator.get('/api/v1/me');
    expect(me.body).toMatchObject({ kind: 'operator', tenant: null, role: null });
    for (const { tenantId, person } of [one, other]) {
      const found = await operator.get<{ items: Tenant[] }>(`/api/v1/operator/tenants?slug=${person?.slug}`);
      expect(found.body.items.map(({ id }) => id)).toEqual([tenantId]);
    }
    expect((await operator.get('/api/v1/projects')).status).toBe(403);
    expect((await operator.get(at(newId('tnt')))).status).toBe(404);
  });

  it('suspends an organisation, which then reads but does not change, and resumes it', async () => {
    const owner = await iam.anybody.signUp();
    const suspended = await operator.post<Tenant>(at(owner.tenantId, '/suspend'), { reason: 'unpaid' });
    expect(suspended.body).toMatchObject({ status: 'suspended', suspensionReason: 'unpaid', version: 2 });
    expect((await operator.post(at(owner.tenantId, '/suspend'), { reason: 'again' })).status).toBe(409);
    expect((await owner.get('/api/v1/projects')).status).toBe(200);
    expect((await owner.post('/api/v1/projects', { name: 'Nope' })).status).toBe(403);
    expect((await owner.get('/api/v1/me')).body).toMatchObject({ tenant: { status: 'suspended' } });

    const resumed = await operator.post<Tenant>(at(owner.tenantId, '/resume'));
    expect(resumed.body).toMatchObject({ status: 'active', suspensionReason: null, version: 3 });
    expect((await operator.post(at(owner.tenantId, '/resume'))).status).toBe(409);
    expect((await owner.post('/api/v1/projects', { name: 'Yes' })).status).toBe(201);
  });

  it('needs a reason to suspend', async () => {
    const owner = await iam.anybody.signUp();
    expect((await operator.post(at(owner.tenantId, '/suspend'), { reason: ' ' })).status).toBe(400);
  });
});

describe('an owner of an organisation', () => {
  it.each([
    ['GET', '/api/v1/operator/tenants'],
    ['GET', at(newId('tnt'))],
    ['POST', at(newId('tnt'), '/suspend')],
    ['GET', '/api/v1/operator/mails'],
    ['GET', `/api/v1/operator/mails/${newId('mail')}`],
  ])('is refused %s %s', async (method, path) => {
    const owner = await iam.anybody.signUp();
    expect((await owner.send(method, path, method === 'POST' ? { body: { reason: 'x' } } : {})).status).toBe(403);
  });

  it('reads and changes the own organisation only', async () => {
    const owner = await iam.anybody.signUp();
    const read = await owner.get<Tenant>('/api/v1/tenant');
    expect(read.body).toMatchObject({
      id: owner.tenantId,
      slug: owner.person?.slug,
      billingTimeZone: 'UTC',
      version: 1,
    });
    const changed = await owner.patch<Tenant>('/api/v1/tenant', { billingTimeZone: 'Europe/Berlin' }, 1);
    expect(changed.body).toMatchObject({ billingTimeZone: 'Europe/Berlin', version: 2 });
    expect((await owner.patch('/api/v1/tenant', { name: 'Late' }, 1)).status).toBe(412);
    expect((await owner.patch('/api/v1/tenant', { name: 'Late' })).status).toBe(428);
    expect((await owner.patch('/api/v1/tenant', { billingTimeZone: 'Mars/Base' }, 2)).status).toBe(400);
  });
});
