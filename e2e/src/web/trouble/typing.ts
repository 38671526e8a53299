import type { Locator, Page } from 'playwright-core';
import { poll } from '../../support/poll.ts';

const within = { withinMs: 20_000, everyMs: 50 };

/** Waits until a field holds exactly this. */
export async function waitForValue(field: Locator, value: string): Promise<void> {
  let held = '';
  await poll(
    `a field that holds ${JSON.stringify(value)}`,
    async () => {
      held = await field.inputValue();
      return held === value ? true : undefined;
    },
    within,
  ).catch((error: unknown) => {
    throw new Error(`it holds ${JSON.stringify(held)}`, { cause: error });
  });
}

/** Presses the button of a form and waits until the server has taken it. */
export async function saveAndWait(page: Page, name: RegExp): Promise<void> {
  const taken = page.waitForResponse(
    (response) => response.ok() && ['POST', 'PUT', 'PATCH'].includes(response.request().method()),
  );
  await Promise.all([taken, page.getByRole('button', { name }).click()]);
}

/** The dialog over a page whose session has ended. */
export function lostSession(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Log in again' });
}

/** Logs in again in the dialog over the page. */
export async function logInAgain(page: Page, password: string): Promise<void> {
  const dialog = lostSession(page);
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Log in' }).click();
  await dialog.waitFor({ state: 'detached' });
}
