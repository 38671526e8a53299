import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { dataOf } from '../../journey/world.ts';
import { newOrganisation } from '../organisations.ts';
import { visit } from '../visit.ts';
import { inviteMember } from './invited-member.ts';
import type { TroubleWorld } from './trouble-world.ts';

const password = 'a long pass phrase of a viewer';

/** Invites a viewer, who accepts by the link in the mail. @returns their page, logged in. */
async function enterAsViewer(world: TroubleWorld): Promise<Page> {
  const { link } = await inviteMember(world, 'viewer');
  const page = await (await world.newContext()).newPage();
  await page.goto(link);
  await page.getByLabel('Name', { exact: false }).first().fill('Vera Viewer');
  await page.locator('input[type=password]').first().fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.endsWith('accept-invitation'));
  return page;
}

/** What only changes something, by its name. */
const changing = /^(Save|Create|Add|Delete|Invite|Publish|Roll back|Import|Edit|Upload|More actions)/;

/** @returns what the page offers to whoever looks at it that would change something. */
async function offersOf(page: Page): Promise<string[]> {
  const main = page.getByRole('main');
  const offers = [
    ...(await main.getByRole('button', { name: changing, disabled: false }).all()),
    ...(await main.getByRole('link', { name: changing }).all()),
  ];
  return Promise.all(offers.map(async (offer) => (await offer.getAttribute('aria-label')) ?? offer.innerText()));
}

/** What somebody may not do, and what is not theirs. */
export function describeForbidden(world: () => TroubleWorld): void {
  it('a viewer sees no button that they may not use, and forbidden pages say so', async () => {
    const page = await enterAsViewer(world());
    const { ids } = world().demo;
    const group = `/gateway-groups/${ids.group}`;
    const { page: ofAdmin, context } = await world().enter('console');
    const found: string[] = [];
    let toAdmin = 0;
    for (const path of [
      '/gateway-groups',
      group,
      `${group}/settings`,
      `${group}/routes`,
      `${group}/routes/${ids.route}`,
      `${group}/services/${ids.service}`,
      `${group}/upstreams/${ids.upstream}`,
      `${group}/changes`,
      `${group}/revisions`,
      `${group}/revisions/${ids.revision}`,
      '/policy-templates',
      '/products',
      `/products/${ids.product}`,
      `/products/${ids.product}/routes`,
      `/products/${ids.product}/plans`,
      `/products/${ids.product}/reference`,
      `/products/${ids.product}/guides`,
      '/portal-site',
      '/developers',
      `/developers/${ids.developer}`,
      '/projects',
      '/members',
      '/settings',
    ]) {
      await visit(page, world().consoleUrl(path));
      found.push(...(await offersOf(page)).map((text) => `${path}: ${text}`));
      await visit(ofAdmin, world().consoleUrl(path));
      toAdmin += (await offersOf(ofAdmin)).length;
    }
    expect(found).toEqual([]);
    // The same pages are full of them for who may use them.
    expect(toAdmin).toBeGreaterThan(20);
    await context.close();

    const unsaid: string[] = [];
    for (const path of ['/audit', '/billing']) {
      await visit(page, world().consoleUrl(path));
      const sentence = page.getByRole('main').getByText('You may not see this').first();
      await sentence.waitFor({ timeout: 10_000 }).catch(() => unsaid.push(path));
    }
    expect(unsaid).toEqual([]);
    await page.context().close();
  });

  it('what belongs to another organisation is answered as not there', async () => {
    const { page } = await world().enter('console');
    const { admin: others } = await newOrganisation(world().demo.addresses, 'Others');
    const product = await dataOf(
      others.POST('/api/v1/api-products', {
        body: { name: 'Not yours', description: '', docs: '', visibility: 'public', bindings: [] },
      }),
    );
    const template = await dataOf(
      others.POST('/api/v1/policy-templates', {
        body: { name: 'not yours', description: '', draft: { inbound: [], outbound: [] } },
      }),
    );
    const unsaid: string[] = [];
    for (const path of [
      `/products/${product.id}`,
      `/policy-templates/${template.id}`,
      `/gateway-groups/${product.id}`,
      `/gateway-groups/${product.id}/routes/none`,
      `/developers/${product.id}`,
    ]) {
      await visit(page, world().consoleUrl(path));
      const sentence = page.getByRole('main').getByText('There is nothing here').first();
      await sentence.waitFor({ timeout: 10_000 }).catch(() => unsaid.push(path));
      expect(await page.getByText(/Not yours/i).count()).toBe(0);
    }
    expect(unsaid).toEqual([]);
    await page.context().close();
  });
}
