import { createHash } from 'node:crypto';
import { newId } from '@tollgate/contracts';
import {
  credentialIssued,
  credentialRevoked,
  planVersionPublished,
  productPublished,
  subscriptionApproved,
} from '@tollgate/contracts/events';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { tryingScene, withinMs } from './testing/trying-scene.ts';

const setting = tryingScene();
const { tryIt } = setting;

describe('a key for trying', () => {
  it('is known to the trace, passes until it ends, and leaves nothing in the access state when it is revoked', async () => {
    const [productId, planVersionId, subscriptionId] = [newId('prd'), newId('plv'), newId('sub')];
    const { tenantId } = setting.link.tenant;
    const groupIds = [setting.link.group.id];
    const credentialId = newId('crd');
    const expiresAt = new Date(Date.now() + 5_000).toISOString();
    const key = 'tg_key_for-trying';
    const keySha256 = createHash('sha256').update(key).digest('hex');
    const application = { applicationId: newId('app'), applicationName: 'Try', developerId: newId('dev') };
    const plan = { planId: newId('pln'), planVersionId, productId, version: 1, name: 'Gold', limit: null, quota: null };
    const subscription = { subscriptionId, ...application, productId, planVersionId, groupIds };
    const credential = { credentialId, subscriptionId, groupIds, keySha256, expiresAt, kind: 'try' as const };
    const bound = { partitionKey: subscriptionId, tenantId };
    await setting.manager.publish(
      planVersionPublished.create({ subject: plan.planId, tenantId, aggregateVersion: 1, data: plan }),
      productPublished.create({
        subject: productId,
        tenantId,
        aggregateVersion: 1,
        data: {
          productId,
          name: 'Shop',
          bindings: [{ groupId: setting.link.group.id, routeIds: ['keyed'] }],
          planVersionIds: [planVersionId],
          keyless: false,
        },
      }),
      subscriptionApproved.create({ subject: subscriptionId, tenantId, aggregateVersion: 1, data: subscription }),
      credentialIssued.create({ subject: credentialId, ...bound, data: credential }),
    );
    const callKeyed = () => tryIt({ path: '/keyed', headers: [{ name: 'apikey', value: key }] });
    await eventually(
      async () => {
        const { body } = await callKeyed();
        expect(body).toMatchObject({
          response: { status: 200 },
          trace: {
            consumer: { id: subscriptionId, consumerGroupId: planVersionId, credentialId },
            policies: [{ name: 'key-auth', outcome: 'passed', authenticated: true }],
          },
        });
        expect(JSON.stringify(body)).not.toContain(key);
      },
      { withinMs },
    );
    await eventually(
      async () => {
        expect((await callKeyed()).body).toMatchObject({
          response: { status: 401 },
          trace: { refusal: { policy: 'key-auth', status: 401, code: 'gateway.credential_expired' }, nodes: [] },
        });
      },
      { withinMs },
    );
    const data = { credentialId, subscriptionId, groupIds };
    await setting.manager.publish(credentialRevoked.create({ subject: credentialId, ...bound, data }));
    await eventually(
      async () => {
        const rows = await setting.manager.database.query(
          `select kind from gateway.access_resources where group_id = $1 and value is not null and kind in ('credential', 'revocation')`,
          [setting.link.group.id],
        );
        expect(rows).toEqual([]);
      },
      { withinMs },
    );
    const longAgo = `update gateway.portal_credentials set revoked_at = now() - interval '2 days' where id = $1`;
    await setting.manager.database.query(longAgo, [credentialId]);
    const next = { ...credential, credentialId: newId('crd'), keySha256: 'c'.repeat(64) };
    await setting.manager.publish(credentialIssued.create({ subject: next.credentialId, ...bound, data: next }));
    await eventually(
      async () => {
        const sql = 'select id from gateway.portal_credentials where subscription_id = $1';
        expect(await setting.manager.database.query(sql, [subscriptionId])).toEqual([{ id: next.credentialId }]);
      },
      { withinMs },
    );
  });
});
