import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TollgateClient } from '@tollgate/client';
import { runFile } from '@tollgate/contracts/runtime';
import { dataOf } from '../../journey/world.ts';
import { Caller } from '../../support/caller.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../../support/recording-upstream.ts';
import { clientOf, openDemoStage } from '../demo-stage.ts';
import type { DemoWorld } from '../demo-world.ts';
import { Person } from '../journey/person.ts';
import { variantOf } from '../variants.ts';
import { consoleLogIn, logIn, originsOf } from '../visit.ts';

/** The demo tenant's administrator at the console, its gateway, and a back end of one's own behind it. */
export interface ObjectsWorld {
  readonly demo: DemoWorld;
  readonly person: Person;
  /** The same administrator by the API. */
  readonly admin: TollgateClient;
  readonly caller: Caller;
  readonly upstream: RecordingUpstream;
  readonly folder: string;
  /** Opens a page of a gateway group. */
  readonly open: (path: string, groupId?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts everything. */
export async function openObjectsWorld(): Promise<ObjectsWorld> {
  const stage = await openDemoStage();
  const { world: demo, browser, folder, dataDir } = stage;
  const { addresses } = demo;
  const upstream = await startRecordingUpstream();
  const admin = await clientOf(addresses.consoleUrl, demo.people.admin);
  const groupId = demo.ids.group;
  const group = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params: { path: { groupId } } }));
  const run = runFile.parse(JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')));
  const caller = new Caller(run.processes['gateway']?.urls['http'] ?? '', group.hosts[0] ?? '');
  const variant = variantOf('desktop-light-en');
  const person = await Person.sitDown(browser, { app: 'console', variant, origins: originsOf(demo) });
  await logIn(person.page, consoleLogIn(demo), demo.people.admin);
  return {
    demo,
    person,
    admin,
    caller,
    upstream,
    folder,
    open: (path, id = groupId) => person.open(new URL(`/gateway-groups/${id}/${path}`, addresses.consoleUrl).href),
    stop: async () => {
      await person.leave();
      await caller.close();
      await stage.close();
      await upstream.stop();
    },
  };
}

/** Drafts a route of its own that asks for a key, to the back end that answers everything. */
export async function draftPartnerRoute({ admin, demo, upstream }: ObjectsWorld): Promise<void> {
  const path = { groupId: demo.ids.group, resourceId: 'partners-only' };
  const { hostname: host, port } = new URL(upstream.url);
  const id = demo.ids.template;
  if (id === undefined) throw new Error('the demo tenant has no policy template');
  await admin.PUT('/api/v1/gateway-groups/{groupId}/routes/{resourceId}', {
    params: { path },
    body: {
      value: { uri: '/partners', upstream: { nodes: [{ host, port: Number(port), weight: 1 }] } },
      policyTemplate: { id, version: 'latest' },
    },
  });
}

/** Publishes what is drafted, by the page that does so, and waits until it is live. */
export async function publish({ person, open }: ObjectsWorld, { dataPlanes = 1, groupId }: PublishOptions = {}) {
  await open('changes', groupId);
  await person.press('changes.publish.open');
  await person.dialog.press('changes.publish.submit');
  await person.dialog.sees('revisions.rollout.everywhere', { count: dataPlanes, values: { n: dataPlanes } });
  await person.dialog.press('changes.publish.close');
}

interface PublishOptions {
  readonly dataPlanes?: number;
  readonly groupId?: string;
}

/** Chooses a policy in the dialog that adds one; its options are looked at afterwards. */
export async function addPolicy({ person }: ObjectsWorld, title: string): Promise<void> {
  await person.press('resources.addPolicy');
  await person.page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^${title}`) })
    .click();
  await person.seesHeading(title);
}
