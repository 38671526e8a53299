import { expect, it } from 'vitest';
import { dataOf } from '../../journey/world.ts';
import { visit } from '../visit.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { waitForValue } from './typing.ts';

/** Small troubles that every page may meet. */
export function describeSmallTroubles(world: () => TroubleWorld): void {
  it('a dialog in which something is typed closes by its buttons only', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl('/products'));
    await page.getByRole('button', { name: 'Create a product' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create a product' });
    const field = dialog.getByLabel('Name', { exact: true });
    await field.fill('half a name');
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await waitForValue(field, 'half a name');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await context.close();
  });

  it('a browser that forbids copying is answered with a sentence', async () => {
    const { context, page } = await world().enter('console');
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await visit(page, world().consoleUrl(`/gateway-groups/${world().demo.ids.group}`));
    await context.clearPermissions();
    await page.evaluate(
      "navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))",
    );
    await page.getByRole('main').getByRole('button', { name: 'Copy' }).first().click();
    await page.getByText('The browser did not allow copying').first().waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('a delete that cannot find out what it breaks deletes nothing, asks again, and then says it', async () => {
    const { context, page } = await world().enter('console');
    const { admin } = world();
    const project = await dataOf(admin.POST('/api/v1/projects', { body: { name: 'to-delete', description: '' } }));
    await admin.POST('/api/v1/environments', { body: { projectId: project.id, name: 'goes-with-it' } });
    await visit(page, world().consoleUrl('/projects'));
    await page.getByRole('button', { name: 'Actions for to-delete' }).click();
    await context.setOffline(true);
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The server cannot be reached').waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete', exact: true }).isEnabled()).toBe(false);
    await context.setOffline(false);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('The environment goes-with-it is deleted').waitFor();
    await dialog.getByRole('textbox').fill('to-delete');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'to-delete' }).waitFor({ state: 'detached' });
    await context.close();
  });
}
