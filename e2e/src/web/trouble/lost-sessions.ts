import { expect, it } from 'vitest';
import { dataOf } from '../../journey/world.ts';
import { visit } from '../visit.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { logInAgain, lostSession, saveAndWait, waitForValue } from './typing.ts';

/** Sessions that end while a form is half filled. */
export function describeLostSessions(world: () => TroubleWorld): void {
  it('in the console a session that another browser ended costs nothing that was typed', async () => {
    const { context, page } = await world().enter('console');
    const { admin, demo } = world();
    const url = world().consoleUrl(`/products/${demo.ids.product}`);
    await visit(page, url);
    const field = page.getByRole('main').getByLabel(/^Short description/);
    await field.fill('typed before the session ended');
    const { items } = await dataOf(admin.GET('/api/v1/me/sessions', {}));
    for (const { id, isCurrent } of items) {
      const params = { path: { sessionId: id } };
      if (!isCurrent) await admin.DELETE('/api/v1/me/sessions/{sessionId}', { params });
    }

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await lostSession(page).getByText('What you typed is still here').waitFor();
    expect(page.url()).toBe(url);
    await logInAgain(page, demo.people.admin.password);
    await waitForValue(field, 'typed before the session ended');
    await saveAndWait(page, /^Save$/);
    const product = await dataOf(
      admin.GET('/api/v1/api-products/{productId}', { params: { path: { productId: demo.ids.product } } }),
    );
    expect(product.description).toBe('typed before the session ended');
    await context.close();
  });

  it('in the portal a wrong password in the dialog is said, and the dialog of the page below keeps what was typed', async () => {
    const { context, page } = await world().enter('portal');
    const { demo } = world();
    await visit(page, new URL(`/${demo.siteSlug}/applications/${demo.ids.application}`, page.url()).href);
    await page.getByRole('button', { name: 'Edit' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Edit the application' });
    const field = dialog.getByLabel(/^Description/);
    await field.fill('typed before the session ended');
    await endSession(page.url(), demo.siteSlug, await context.cookies());

    await dialog.getByRole('button', { name: 'Save' }).click();
    await lostSession(page).getByLabel('Password', { exact: true }).fill('not the password');
    await lostSession(page).getByRole('button', { name: 'Log in' }).click();
    await lostSession(page).getByRole('alert').waitFor();
    await logInAgain(page, demo.people.developer.password);
    await waitForValue(field, 'typed before the session ended');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('typed before the session ended').waitFor();
    await context.close();
  });
}

/** Logs the browser's session out from elsewhere: its cookie stays and is worth nothing. */
async function endSession(
  pageUrl: string,
  siteSlug: string,
  cookies: readonly { name: string; value: string }[],
): Promise<void> {
  const response = await fetch(new URL(`/api/v1/portal/${siteSlug}/log-out`, pageUrl), {
    method: 'POST',
    headers: {
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      'x-tollgate-browser': '1',
      origin: new URL(pageUrl).origin,
    },
  });
  expect(response.ok).toBe(true);
}
