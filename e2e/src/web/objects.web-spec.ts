import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../journey/world.ts';
import { poll } from '../support/poll.ts';
import { addPolicy, draftPartnerRoute, type ObjectsWorld, openObjectsWorld, publish } from './objects/objects-world.ts';
import { bringUpOwnGroup, echoOf, type OwnGroup, startEcho } from './objects/own-group.ts';

let world: ObjectsWorld;
const soon = { withinMs: 10_000, everyMs: 50 };

beforeAll(async () => {
  world = await openObjectsWorld();
});
afterAll(async () => {
  await world?.stop();
});

/** Waits until calls of the route for partners are answered with this. */
async function callsAre(status: number, key?: string): Promise<void> {
  const attempt = async () => ((await world.caller.call('/partners', { key })).status === status ? true : undefined);
  await poll(`calls are answered ${status}`, attempt, soon);
}

describe('callers and what holds for all of them', () => {
  let key: string;

  it('a consumer is let in by the key that its page made, which is shown once and never again', async () => {
    const { person, open } = world;
    await draftPartnerRoute(world);
    await open('consumers');
    await person.follow('consumers.add');
    await person.field('consumers.username').fill('anna');
    await person.press('consumers.generate');
    key = await person.field('consumers.key').inputValue();
    expect(key).toMatch(/^[\w-]{43}$/);
    await person.look('a new consumer');
    await person.press('resources.create');

    const secret = person.page.getByRole('group', {
      name: person.say('consumers.keyOf', { values: { name: 'anna' } }),
    });
    await secret.getByText(key).waitFor();
    await person.look('a consumer with its key');
    await open('consumers/anna');
    await person.sees('consumers.keySet');
    await person.press('resources.json');
    expect(await person.page.content()).not.toContain(key);

    await publish(world);
    await callsAre(200, key);
    await callsAre(401);
    await callsAre(401, `${key}x`);
  });

  it('a consumer group limits its consumers, and is not deleted while it has any', async () => {
    const { person, open } = world;
    await open('consumer-groups');
    await person.follow('consumerGroups.add');
    await person.field('resources.name').fill('Gold');
    await person.field('resources.id').fill('gold');
    await addPolicy(world, 'Call limit');
    await person.press('resources.create');
    await person.sees('policyEditing.refused');
    for (const [label, value] of Object.entries({ Count: '2', 'Time window': '60', 'Rejected code': '429' }))
      await person.page.getByLabel(label, { exact: true }).fill(value);
    await person.look('a consumer group');
    await person.press('resources.create');
    await person.button('ui.delete').waitFor();

    await open('consumers/anna');
    await person.field('consumers.group').click();
    await person.page.getByRole('option', { name: /^Gold/ }).click();
    await person.press('resources.save');
    await person.button('resources.save').waitFor({ state: 'detached' });
    await publish(world);
    await callsAre(429, key);

    await open('consumer-groups/gold');
    person.expectStatuses(409);
    await person.press('ui.delete');
    await person.dialog.sees('resources.refersToIt', {
      values: { kind: person.say('resources.kinds.consumer'), id: 'anna' },
    });
    expect(await person.dialog.button('ui.delete').isDisabled()).toBe(true);
    await person.look('a consumer group that is in use');
  });

  it('a global policy holds for every call until it is deleted, and is offered once in a group', async () => {
    const { person, open } = world;
    await open('global-policies');
    await person.follow('globalPolicies.add');
    await person.field('resources.id').fill('closed');
    await person.press('resources.create');
    await person.sees('globalPolicies.needed');
    await person.press('resources.addPolicy');
    // The demo tenant has it in another set already.
    expect(
      await person.page
        .getByRole('dialog')
        .getByRole('button', { name: /^Request id/ })
        .count(),
    ).toBe(0);
    await person.page.keyboard.press('Escape');
    await addPolicy(world, 'Response rewrite');
    await person.page.getByLabel('Status code', { exact: true }).fill('418');
    await person.look('global policies');
    await person.press('resources.create');
    await person.button('ui.delete').waitFor();
    await publish(world);
    await callsAre(418);

    await open('global-policies/closed');
    await person.press('ui.delete');
    await person.dialog.press('ui.delete');
    await person.page.waitForURL(/\/global-policies$/);
    await publish(world);
    await callsAre(401);
  });

  it('who edits a consumer that somebody else has changed loses nothing and decides', async () => {
    const { person, open, admin, demo } = world;
    const params = { path: { groupId: demo.ids.group, resourceId: 'anna' } };
    await open('consumers/anna');
    await person.field('resources.description').fill('of mine');
    const { version, value } = await dataOf(
      admin.GET('/api/v1/gateway-groups/{groupId}/consumers/{resourceId}', { params }),
    );
    await admin.PUT('/api/v1/gateway-groups/{groupId}/consumers/{resourceId}', {
      params,
      headers: { 'if-match': `"${version}"` },
      body: { value: { ...value, username: 'anna', desc: 'of theirs' } },
    });
    person.expectStatuses(412);
    await person.press('resources.save');
    await person.sees('ui.conflict.title');
    expect(await person.field('resources.description').inputValue()).toBe('of mine');
    await person.press('ui.conflict.mine');
    await person.button('resources.save').waitFor({ state: 'detached' });
    const saved = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/consumers/{resourceId}', { params }));
    expect(saved.value).toMatchObject({ desc: 'of mine', group_id: 'gold' });
  });
});

describe('streams and workspaces', () => {
  let own: OwnGroup;
  beforeAll(async () => {
    own = await bringUpOwnGroup(world);
  });
  afterAll(async () => {
    await own?.gateway.stop();
  });

  it('a group of shared data planes says that it serves no streams before anything is typed', async () => {
    const { person, open } = world;
    await open('stream-routes');
    await person.sees('streamRoutes.shared');
    expect(await person.page.getByRole('link', { name: person.say('streamRoutes.add') }).count()).toBe(0);
    await open('stream-routes/~new');
    await person.sees('streamRoutes.shared');
    expect(await person.page.getByRole('main').getByRole('textbox').count()).toBe(0);
  });

  it('a stream route passes bytes on through the port that its page names', async () => {
    const { person, open } = world;
    const { port, server } = await startEcho();
    await open('stream-routes', own.id);
    await person.follow('streamRoutes.add');
    await person.field('resources.id').fill('echo');
    await person.press('resources.create');
    await person.sees('streamRoutes.missing.nodes');
    await person.field('streamRoutes.port').fill(String(own.streamPort));
    await person.field('resources.hostOf', { values: { number: 1 } }).fill('127.0.0.1');
    await person.field('resources.portOf', { values: { number: 1 } }).fill(String(port));
    await person.look('a stream route');
    await person.press('resources.create');
    await person.button('ui.delete').waitFor();
    expect(await echoOf(own.streamPort, 'hello')).toBeUndefined();
    await publish(world, { groupId: own.id });
    await poll(
      'bytes come back',
      async () => ((await echoOf(own.streamPort, 'hello')) === 'hello' ? true : undefined),
      soon,
    );
    server.close();
  });

  it('with a second workspace lists ask for one, and what is made from there goes into it', async () => {
    const { person, open, admin } = world;
    await open('upstreams', own.id);
    expect(await person.field('resources.workspace').count()).toBe(0);
    await admin.POST('/api/v1/gateway-groups/{groupId}/workspaces', {
      params: { path: { groupId: own.id } },
      body: { name: 'payments' },
    });
    await open('upstreams', own.id);
    await person.choose('resources.workspace', 'payments');
    await person.page.waitForURL(/[?&]workspace=wsp_/);
    await person.page
      .getByRole('link', { name: person.say('apis.upstreams.add') })
      .first()
      .click();
    await person.field('resources.id').fill('cards');
    expect(await person.field('resources.workspace').locator('option:checked').textContent()).toContain('payments');
    await person.field('resources.hostOf', { values: { number: 1 } }).fill('127.0.0.1');
    await person.press('resources.create');
    await person.sees('resources.inWorkspace', { values: { name: 'payments' } });

    await open('upstreams', own.id);
    await person.choose('resources.workspace', 'default');
    await person.sees('resources.nothing');
    await person.choose('resources.workspace', 'payments');
    await person.page.getByRole('link', { name: 'cards' }).waitFor();
    await person.look('upstreams of a workspace');
  });

  it('nothing went wrong on the way', () => {
    expect(world.person.findings).toEqual({});
  });
});
