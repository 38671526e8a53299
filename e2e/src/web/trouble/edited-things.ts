import type { Locator, Page } from 'playwright-core';
import { dataOf } from '../../journey/world.ts';
import { inviteMember } from './invited-member.ts';
import type { TroubleWorld } from './trouble-world.ts';

/** Something that two people may edit at the same time. */
export interface Edited {
  readonly what: string;
  /** Where in the console; what is needed for it is made. */
  readonly path: (world: TroubleWorld) => Promise<string> | string;
  /** Opens the form, where that is no page but a dialog. */
  readonly open?: (page: Page) => Promise<void>;
  readonly save: RegExp;
  /** What is typed: first of theirs and of mine, then of theirs and of mine again. */
  readonly typed?: readonly [string, string, string, string];
  readonly read: (page: Page) => Promise<string>;
  readonly write: (page: Page, value: string) => Promise<void>;
}

/** One field that stands for all of a form. */
function field(find: (page: Page) => Locator): Pick<Edited, 'read' | 'write'> {
  return {
    read: (page) => find(page).inputValue(),
    write: (page, value) => find(page).fill(value),
  };
}
const labelled = (label: RegExp) => field((page) => page.getByRole('main').getByLabel(label).first());
const inDialog = (label: RegExp) => field((page) => page.getByRole('dialog').getByLabel(label).first());

function byMenu(button: RegExp, item: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole('dialog').waitFor();
  };
}

const ofGroup =
  (kind: 'route' | 'service' | 'upstream') =>
  ({ demo }: TroubleWorld): string =>
    `/gateway-groups/${demo.ids.group}/${kind}s/${demo.ids[kind]}`;

/** All of them in the console. */
export const editedThings: readonly Edited[] = [
  { what: 'a route', path: ofGroup('route'), ...labelled(/^Description/), save: /^Save/ },
  { what: 'a service', path: ofGroup('service'), ...labelled(/^Description/), save: /^Save/ },
  { what: 'an upstream', path: ofGroup('upstream'), ...labelled(/^Description/), save: /^Save/ },
  {
    what: 'a product',
    path: ({ demo }) => `/products/${demo.ids.product}`,
    ...labelled(/^Short description/),
    save: /^Save$/,
  },
  {
    what: 'the reference of a product',
    path: ({ demo }) => `/products/${demo.ids.product}/reference`,
    read: titleOfReference,
    write: writeReference,
    save: /^Save the reference$/,
  },
  { what: 'the guides of a product', path: makeGuide, ...labelled(/^Title/), save: /^Save$/ },
  {
    what: 'a plan',
    path: ({ demo }) => `/products/${demo.ids.product}/plans`,
    open: byMenu(/^Actions for plan/, 'Edit'),
    ...inDialog(/^Description/),
    save: /^Save$/,
  },
  {
    what: 'the role of a member',
    path: makeMember,
    open: byMenu(/^Actions for Mia Member/, 'Change role'),
    read: async (page) =>
      (await page.getByRole('dialog').getByRole('radio', { checked: true }).innerText()).split('\n')[0] ?? '',
    write: (page, value) => page.getByRole('dialog').getByRole('radio', { name: value }).click(),
    save: /^Change role$/,
    typed: ['Editor', 'Administrator', 'Viewer', 'Administrator'],
  },
  {
    what: 'the settings of a gateway group',
    path: ({ demo }) => `/gateway-groups/${demo.ids.group}/settings`,
    ...labelled(/^Slow start/),
    save: /^Save$/,
    typed: ['11', '12', '13', '14'],
  },
  { what: 'the portal site', path: () => '/portal-site', ...labelled(/^Welcome/), save: /^Save$/ },
  { what: 'a policy template', path: makeTemplate, ...labelled(/^Description/), save: /^Save the draft$/ },
];

/** The title of the document that is written, else of the one that there is. */
async function titleOfReference(page: Page): Promise<string> {
  const preview = page.getByRole('region', { name: 'What developers will see' });
  const shown = (await preview.count()) > 0 ? preview : page.getByRole('main');
  return (await shown.getByRole('definition').allInnerTexts())[0] ?? '';
}

/** A document is looked at by the server before it can be saved. */
async function writeReference(page: Page, title: string): Promise<void> {
  const document = {
    openapi: '3.1.0',
    info: { title, version: '1' },
    paths: { '/books': { get: { responses: { 200: { description: 'Books' } } } } },
  };
  await page
    .getByRole('textbox', { name: /^Write or paste it/ })
    .first()
    .fill(JSON.stringify(document));
  await page.getByRole('button', { name: 'Check it' }).click();
  await page.getByRole('button', { name: 'Save the reference' }).waitFor();
}

async function makeTemplate({ admin }: TroubleWorld): Promise<string> {
  const body = { name: 'edited by two', description: '', draft: { inbound: [], outbound: [] } };
  const { id } = await dataOf(admin.POST('/api/v1/policy-templates', { body }));
  return `/policy-templates/${id}`;
}

async function makeGuide({ admin, demo }: TroubleWorld): Promise<string> {
  const path = { productId: demo.ids.product };
  const { version } = await dataOf(admin.GET('/api/v1/api-products/{productId}', { params: { path } }));
  await admin.PUT('/api/v1/api-products/{productId}/guides', {
    params: { path, header: { 'if-match': `"${version}"` } },
    body: { guides: [{ slug: 'edited-by-two', title: 'Edited by two', markdown: 'Once upon a time' }] },
  });
  return `/products/${demo.ids.product}/guides`;
}

async function makeMember(world: TroubleWorld): Promise<string> {
  const { link, email } = await inviteMember(world, 'viewer');
  const token = new URL(link).searchParams.get('token') ?? new URL(link).hash.replace(/^#(?:token=)?/, '');
  const body = { token, name: 'Mia Member', password: 'a long pass phrase of a member' };
  await world.admin.POST('/api/v1/auth/accept-invitation', { body });
  return `/members?search=${encodeURIComponent(email)}`;
}
