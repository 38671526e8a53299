import { resource, send } from '@tollgate/engine/testing';
import { eventually } from '@tollgate/testing';
import { expect, it } from 'vitest';
import { startGateway } from '../testing.ts';

it('prometheus reports every call of its route once, refused ones included', async () => {
  const observed: object[] = [];
  const gateway = await startGateway({
    plugins: { prometheus: { prefer_name: true }, 'key-auth': {} },
    route: { name: 'Orders' },
    revision: [
      resource('consumer', 'jack', { username: 'jack', plugins: { 'key-auth': { key: 'k' } } }),
      resource('route', 'r2', { uri: '/unobserved', upstream: { nodes: {} } }),
    ],
    metrics: {
      observe: ({ groupId, route, caller }, outcome, prefersName) =>
        observed.push({ groupId, route, caller, outcome: { ...outcome }, prefersName }),
      noise: () => undefined,
      failure: () => undefined,
    },
  });
  await send(gateway.port, '/', { headers: { apikey: 'k' } });
  await send(gateway.port, '/');
  await send(gateway.port, '/unobserved');
  await eventually(() => expect(observed).toHaveLength(2), { withinMs: 3000 });
  expect(observed).toMatchObject([
    {
      groupId: 'g1',
      route: { id: 'r1', name: 'Orders' },
      caller: { consumerId: 'jack' },
      outcome: { status: 200 },
      prefersName: true,
    },
    { route: { id: 'r1' }, caller: null, outcome: { status: 401, node: null } },
  ]);
  await gateway.stop();
});
