import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { dataOf } from '../../journey/world.ts';
import { visit } from '../visit.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { saveAndWait, waitForValue } from './typing.ts';

/** Something that two people may edit at the same time. */
interface Edited {
  readonly what: string;
  readonly path: (world: TroubleWorld) => Promise<string> | string;
  readonly label: RegExp;
  readonly save: RegExp;
  /** What is typed, by who typed it. */
  readonly typed?: readonly [string, string, string, string];
}

const things: readonly Edited[] = [
  {
    what: 'a route',
    path: ({ demo }) => `/gateway-groups/${demo.ids.group}/routes/${demo.ids.route}`,
    label: /^Description/,
    save: /^Save/,
  },
  {
    what: 'a product',
    path: ({ demo }) => `/products/${demo.ids.product}`,
    label: /^Short description/,
    save: /^Save$/,
  },
  {
    what: 'the settings of a gateway group',
    path: ({ demo }) => `/gateway-groups/${demo.ids.group}/settings`,
    label: /^Slow start/,
    save: /^Save$/,
    typed: ['11', '12', '13', '14'],
  },
  { what: 'the portal site', path: () => '/portal-site', label: /^Welcome/, save: /^Save$/ },
  { what: 'a policy template', path: makeTemplate, label: /^Description/, save: /^Save the draft$/ },
];

async function makeTemplate({ admin }: TroubleWorld): Promise<string> {
  const body = { name: 'edited by two', description: '', draft: { inbound: [], outbound: [] } };
  const { id } = await dataOf(admin.POST('/api/v1/policy-templates', { body }));
  return `/policy-templates/${id}`;
}

/** Two tabs edit the same thing; the second to save is told, keeps what it typed, and decides. */
export function describeConflicts(world: () => TroubleWorld): void {
  it.each(things)(
    'of two tabs that edit $what the second to save is told and decides, and its words stay',
    async ({ path, label, save, typed = ['of theirs', 'of mine', 'theirs again', 'mine again'] }) => {
      const { context, page: mine } = await world().enter('console');
      const theirs = await context.newPage();
      const url = world().consoleUrl(await path(world()));
      await Promise.all([visit(mine, url), visit(theirs, url)]);
      const fieldOf = (page: Page) => page.getByRole('main').getByLabel(label).first();
      const [first, second, third, fourth] = typed;
      const conflict = mine.getByText('Changed by somebody else', { exact: true });
      const collide = async (ofTheirs: string, ofMine: string): Promise<void> => {
        await fieldOf(mine).fill(ofMine);
        await fieldOf(theirs).fill(ofTheirs);
        // The live event about it makes this tab read again what is being edited.
        const heard = mine.waitForResponse((response) => response.request().method() === 'GET' && response.ok());
        await saveAndWait(theirs, save);
        await heard;
        await waitForValue(fieldOf(mine), ofMine);
        await mine.getByRole('button', { name: save }).click();
        await conflict.waitFor();
        await waitForValue(fieldOf(mine), ofMine);
      };

      await collide(first, second);
      await mine.getByRole('button', { name: 'Discard mine and load theirs' }).click();
      await waitForValue(fieldOf(mine), first);
      expect(await conflict.count()).toBe(0);

      await collide(third, fourth);
      await saveAndWait(mine, /^Save mine over theirs$/);
      await conflict.waitFor({ state: 'detached' });
      // And the other tab, in which nothing is typed, shows it by itself.
      await waitForValue(fieldOf(theirs), fourth);
      await visit(mine, url);
      await waitForValue(fieldOf(mine), fourth);
      await context.close();
    },
  );

  it('in the portal two tabs that edit an application decide the same way', async () => {
    const { context, page: mine } = await world().enter('portal');
    const { siteSlug, ids } = world().demo;
    const theirs = await context.newPage();
    const url = new URL(`/${siteSlug}/applications/${ids.application}`, mine.url()).href;
    const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Edit the application' });
    const fieldOf = (page: Page) => dialogOf(page).getByLabel(/^Description/);
    const collide = async (ofTheirs: string, ofMine: string): Promise<void> => {
      for (const page of [mine, theirs]) {
        await visit(page, url);
        await page.getByRole('button', { name: 'Edit' }).first().click();
      }
      await fieldOf(mine).fill(ofMine);
      await fieldOf(theirs).fill(ofTheirs);
      await saveAndWait(theirs, /^Save$/);
      await dialogOf(mine).getByRole('button', { name: 'Save', exact: true }).click();
      await dialogOf(mine).getByText('Changed by somebody else').waitFor();
      await waitForValue(fieldOf(mine), ofMine);
    };
    await collide('of theirs', 'of mine');
    await mine.getByRole('button', { name: 'Discard mine and load theirs' }).click();
    await waitForValue(fieldOf(mine), 'of theirs');
    await collide('theirs again', 'mine again');
    await saveAndWait(mine, /^Save mine over theirs$/);
    await dialogOf(mine).waitFor({ state: 'detached' });
    await mine.getByText('mine again').waitFor();
    await context.close();
  });
}
