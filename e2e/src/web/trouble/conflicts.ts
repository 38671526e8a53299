import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { poll } from '../../support/poll.ts';
import { visit } from '../visit.ts';
import { editedThings } from './edited-things.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { saveAndWait, waitForValue } from './typing.ts';

/** Two tabs edit the same thing; the second to save is told, keeps what it typed, and decides. */
export function describeConflicts(world: () => TroubleWorld): void {
  it.each(editedThings)(
    'of two tabs that edit $what the second to save is told and decides, and its words stay',
    async ({ path, open, read, write, save, typed = ['of theirs', 'of mine', 'theirs again', 'mine again'] }) => {
      const { context, page: mine } = await world().enter('console');
      const theirs = await context.newPage();
      const url = world().consoleUrl(await path(world()));
      await Promise.all([visit(mine, url), visit(theirs, url)]);
      const [first, second, third, fourth] = typed;
      const conflict = mine.getByText('Changed by somebody else', { exact: true });
      const holds = (page: Page, value: string) =>
        poll(`a form that holds “${value}”`, async () => ((await read(page)) === value ? true : undefined), {
          withinMs: 20_000,
          everyMs: 50,
        });
      const begin = async (page: Page): Promise<void> => {
        if (open !== undefined && (await page.getByRole('dialog').count()) === 0) await open(page);
      };
      const collide = async (ofTheirs: string, ofMine: string): Promise<void> => {
        await begin(mine);
        await begin(theirs);
        await write(mine, ofMine);
        await write(theirs, ofTheirs);
        // The live event about it makes this tab read again what is being edited.
        const heard = mine.waitForResponse((response) => response.request().method() === 'GET' && response.ok());
        await saveAndWait(theirs, save);
        await heard;
        await holds(mine, ofMine);
        await mine.getByRole('button', { name: save }).click();
        await conflict.waitFor();
        await holds(mine, ofMine);
      };

      await collide(first, second);
      await mine.getByRole('button', { name: 'Discard mine and load theirs' }).click();
      await holds(mine, first);
      expect(await conflict.count()).toBe(0);

      await collide(third, fourth);
      await saveAndWait(mine, /^Save mine over theirs$/);
      await conflict.waitFor({ state: 'detached' });
      // And the other tab, in which nothing is typed, shows it by itself.
      await begin(theirs);
      await holds(theirs, fourth);
      await visit(mine, url);
      await begin(mine);
      await holds(mine, fourth);
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
