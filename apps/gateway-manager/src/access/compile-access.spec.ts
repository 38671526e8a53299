import { newId } from '@tollgate/contracts';
import { parseResource } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { type AccessTarget, compileProduct, compileSubscription } from './compile-access.ts';
import type { PortalCredential, PortalPlanVersion, PortalSubscription, SubscriptionState } from './portal-objects.ts';

const [here, there] = [newId('grp'), newId('grp')];
const productId = newId('prd');
const plan: PortalPlanVersion = {
  id: newId('plv'),
  planId: newId('pln'),
  productId,
  number: 2,
  name: 'Gold',
  limit: { calls: 5, windowSeconds: 60 },
  quota: null,
};
const subscription = (state: SubscriptionState, groupIds = [here]): PortalSubscription => ({
  id: newId('sub'),
  applicationId: newId('app'),
  applicationName: 'Forecasts',
  developerId: newId('dev'),
  productId,
  planVersionId: plan.id,
  groupIds,
  state,
  version: 1,
});
const credential = (change: Partial<PortalCredential> = {}): PortalCredential => ({
  id: newId('crd'),
  subscriptionId: newId('sub'),
  groupIds: [here],
  keySha256: 'a'.repeat(64),
  expiresAt: null,
  revokedAt: null,
  kind: 'key',
  ...change,
});
const compile = (state: SubscriptionState, credentials: PortalCredential[] = [], formerGroupIds: string[] = []) =>
  compileSubscription({ subscription: subscription(state), plan, credentials, meter: null, formerGroupIds });
const present = (targets: AccessTarget[] = []) => targets.filter(({ value }) => value !== null).map(({ kind }) => kind);

describe('the access state of a subscription', () => {
  it.each([
    ['pending', ['consumer_group', 'consumer', 'credential', 'suspension']],
    ['active', ['consumer_group', 'consumer', 'credential']],
    ['suspended', ['consumer_group', 'consumer', 'credential', 'suspension']],
    ['cancelled', []],
  ] as const)('that is %s holds %j', (state, kinds) => {
    expect(present(compile(state, [credential()]).get(here))).toEqual(kinds);
  });

  it('refuses a revoked key in every group that knew it, and is valid for data planes', () => {
    const revoked = credential({ groupIds: [here, there], revokedAt: '2030-01-01T00:00:00.000Z' });
    const targets = compile('active', [revoked]);
    expect(present(targets.get(there))).toEqual(['revocation']);
    expect(present(targets.get(here))).toEqual(['consumer_group', 'consumer', 'revocation']);
    for (const { kind, id, value } of targets.get(here) ?? []) {
      if (value !== null) expect(parseResource({ kind, id, value })).toMatchObject({ ok: true });
    }
  });

  it('is taken away from groups it has left', () => {
    expect(present(compile('active', [], [there]).get(there))).toEqual([]);
    expect(compile('active', [], [there]).get(there)).toContainEqual(
      expect.objectContaining({ kind: 'consumer', value: null }),
    );
  });
});

describe('the access state of a product', () => {
  it('lets pass every version of its plans that was ever sold, so that old subscriptions keep working', () => {
    const product = {
      id: productId,
      name: 'Weather',
      bindings: [{ groupId: here, routeIds: ['one'] }],
      planVersionIds: ['plv_new'],
      keyless: false,
      version: 1,
      isDeleted: false,
    };
    const targets = compileProduct(product, [plan], [here, there]);
    expect(targets.get(there)).toEqual([{ kind: 'product_binding', id: productId, value: null }]);
    const binding = targets.get(here)?.find(({ kind }) => kind === 'product_binding');
    expect(binding?.value).toMatchObject({ consumerGroupIds: [plan.id, 'plv_new'].sort(), routeIds: ['one'] });
  });
});
