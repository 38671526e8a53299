import type { Me, Project } from '@tollgate/contracts/rest/iam';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startIam, type TestIam } from '../testing/start-iam.ts';
import { IamSeeding } from './iam-seeding.ts';

let iam: TestIam;
let seeding: IamSeeding;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
  seeding = iam.service.app.get(IamSeeding, { strict: false });
});
afterAll(() => iam.close());

const owner = { email: 'demo@tollgate.test', name: 'Demo Owner', password: 'the demo has a password' };
const demo = { name: 'Demo', slug: 'demo', owner, project: { name: 'Shop', environments: ['dev', 'prd'] } };

describe('a new installation', () => {
  it('gets an operator and a tenant to start with; again changes nothing', async () => {
    const first = await seeding.ensureTenant(demo);
    const again = await seeding.ensureTenant({
      ...demo,
      name: 'Other',
      owner: { ...owner, password: 'some other password' },
    });
    expect([first.isNew, again]).toEqual([true, { tenantId: first.tenantId, isNew: false }]);

    const caller = await iam.anybody.logIn(owner);
    const me = await caller.get<Me>('/api/v1/me');
    expect(me.body).toMatchObject({ role: 'owner', tenant: { name: 'Demo', slug: 'demo' } });
    const projects = await caller.get<{ items: Project[] }>('/api/v1/projects');
    expect(projects.body.items.map(({ name }) => name)).toEqual(['Shop']);
  });

  it('keeps an operator who is there', async () => {
    const person = { email: 'root@tollgate.test', name: 'Root', password: 'the first password of root' };
    const first = await seeding.ensureOperator(person);
    const again = await seeding.ensureOperator({ ...person, password: 'another password of root' });
    expect([first.isNew, again]).toEqual([true, { userId: first.userId, isNew: false }]);
    expect((await (await iam.anybody.logIn(person)).get<Me>('/api/v1/me')).body.kind).toBe('operator');
  });
});
