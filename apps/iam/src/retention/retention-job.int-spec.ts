import type { AuditVerification } from '@tollgate/contracts/rest/iam';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startIam, type TestIam } from '../testing/start-iam.ts';
import { RetentionJob } from './retention-job.ts';

let iam: TestIam;
let job: RetentionJob;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
  job = iam.service.app.get(RetentionJob, { strict: false });
});
afterAll(() => iam.close());

const idsIn = async (table: string) =>
  (await iam.database.query<{ id: string }>(`select id from iam.${table}`)).map(({ id }) => id);

describe('what is past its time', () => {
  it('is deleted: sessions, links and mails; what is younger stays', async () => {
    const owner = await iam.anybody.signUp();
    const { email = '' } = owner.person ?? {};
    const second = await owner.logIn(owner.person ?? { email: '', password: '' });
    for (let round = 0; round < 2; round += 1) await iam.anybody.post('/api/v1/auth/request-password-reset', { email });
    const [resets, mails] = [await idsIn('password_resets'), await idsIn('mails')];
    await iam.database.query(`update iam.sessions set ended_at = now() - interval '31 days' where id = $1`, [
      second.session?.sessionId,
    ]);
    await iam.database.query(`update iam.password_resets set expires_at = now() - interval '8 days' where id = $1`, [
      resets[0],
    ]);
    await iam.database.query(`update iam.mails set created_at = now() - interval '31 days' where id = $1`, [mails[0]]);
    await job.runOnce();
    expect(await idsIn('sessions')).toEqual([owner.session?.sessionId]);
    expect(await idsIn('password_resets')).toEqual(resets.slice(1));
    expect(await idsIn('mails')).toEqual(mails.slice(1));
  });

  it('is deleted from the audit log, and what is left can still be verified', async () => {
    const owner = await iam.anybody.signUp();
    for (const name of ['One', 'Two', 'Three']) await owner.post('/api/v1/projects', { name });
    const verify = async () => (await owner.get<AuditVerification>('/api/v1/audit-entries/verification')).body;
    await eventually(async () => expect(await verify()).toMatchObject({ entries: 4 }), { withinMs: 15_000 });
    await rewriteAsOld(owner.tenantId, 2);
    await job.runOnce();
    expect(await verify()).toMatchObject({ intact: true, entries: 2, brokenAt: null });
    await iam.database.query('delete from iam.audit_entries where tenant_id = $1 and sequence = 3', [owner.tenantId]);
    expect(await verify()).toMatchObject({ intact: false, brokenAt: 3 });
  });

  /** Only the times of entries that will be deleted are touched: their hashes are not looked at again. */
  async function rewriteAsOld(tenantId: string, upTo: number): Promise<void> {
    await iam.database.query(
      `update iam.audit_entries set occurred_at = now() - interval '401 days' where tenant_id = $1 and sequence <= $2`,
      [tenantId, upTo],
    );
  }
});
