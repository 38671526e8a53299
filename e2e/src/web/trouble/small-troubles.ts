import { expect, it } from 'vitest';
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
}
