import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { poll } from '../../support/poll.ts';

/** Stops between one thing and the next on a page that nobody would call near. */
const mostStops = 200;

const isInDialog = 'document.activeElement?.closest("[role=dialog]") !== null';

/**
 * Lives in the page. At each stop it looks at the one before: an element that looks without the focus as it looked with it, itself and what is
 * close around it, did not show where the focus was. Gives the name of such an element.
 */
const focusWatch = `globalThis.focusWatch = (() => {
  let stop;
  const lookOf = (element) => {
    const looks = [];
    for (let at = element, steps = 0; at instanceof Element && steps < 3; at = at.parentElement, steps += 1) {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(at);
      looks.push(outlineStyle === 'none' ? '' : outlineStyle + outlineWidth, boxShadow, borderColor, backgroundColor);
    }
    return looks.join(' | ');
  };
  const nameOf = (element) =>
    (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().slice(0, 60) || element.outerHTML.slice(0, 120);
  return () => {
    const element = document.activeElement;
    const left = stop;
    stop = element === null || element === document.body ? undefined : { element, look: lookOf(element) };
    const isUnseen = left?.element.isConnected && left.element !== element && lookOf(left.element) === left.look;
    if (!isUnseen || stop === undefined) return null;
    // Something may have changed meanwhile: once more, side by side.
    left.element.focus();
    const look = lookOf(left.element);
    element.focus();
    return lookOf(left.element) === look ? nameOf(left.element) : null;
  };
})()`;

/** Uses a page by its keyboard alone, and notes every stop of the focus that cannot be seen. */
export class Keys {
  readonly page: Page;
  readonly #unseen = new Set<string>();

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a page in this browser, whose mouse nobody touches. */
  static async open(context: BrowserContext): Promise<Keys> {
    await context.addInitScript({ content: focusWatch });
    return new Keys(await context.newPage());
  }

  /** Stops that looked with the focus as they look without it. */
  get unseen(): readonly string[] {
    return [...this.#unseen];
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Goes on by Tab to the next stop, or back to the one before. */
  async step(key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await this.press(key);
    const unseen = await this.page.evaluate<string | null>('focusWatch()');
    if (unseen !== null) this.#unseen.add(unseen);
  }

  async #isOn(target: Locator): Promise<boolean> {
    return (await target.and(this.page.locator(':focus')).count()) > 0;
  }

  /** Goes on by Tab until it stands on this. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stops = 0; stops < mostStops; stops += 1) {
      if (await this.#isOn(target)) return;
      await this.step();
    }
    throw new Error(`${String(target)} is not reached by Tab`);
  }

  /** Goes there by Tab and presses Enter. */
  async enter(target: Locator): Promise<void> {
    await this.tabTo(target);
    await this.press('Enter');
  }

  /** Waits until the focus is on this. */
  async isOn(target: Locator): Promise<void> {
    await poll('the focus is where it belongs', async () => ((await this.#isOn(target)) ? true : undefined), {
      withinMs: 5_000,
      everyMs: 50,
    });
  }

  /** Of a dialog that is open: the focus is in it and Tab does not lead out, in either direction. */
  async isHeldIn(dialog: Locator): Promise<void> {
    await dialog.waitFor();
    await poll(
      'the focus is in the dialog',
      async () => ((await this.page.evaluate(isInDialog)) === true ? true : undefined),
      {
        withinMs: 5_000,
        everyMs: 50,
      },
    );
    const stops = await dialog
      .locator('a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex="0"]')
      .count();
    for (const key of ['Tab', 'Shift+Tab'] as const)
      for (let stop = 0; stop <= stops; stop += 1) {
        await this.step(key);
        expect(await this.page.evaluate(isInDialog)).toBe(true);
      }
  }

  /** Opens a dialog by Enter on its button, closes it by Escape, sees the focus back on the button, and opens it again. */
  async openTwice(opener: Locator, dialog: Locator): Promise<void> {
    await this.enter(opener);
    await this.isHeldIn(dialog);
    await this.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await this.isOn(opener);
    await this.press('Enter');
    await dialog.waitFor();
  }

  /** Goes to a page of the console by its palette. */
  async goByPalette(words: string, heading: string): Promise<void> {
    const palette = this.page.getByRole('dialog', { name: 'Find anything' });
    await this.press('Control+k');
    await this.page.getByRole('dialog').waitFor();
    await this.type(words);
    await this.page.getByRole('option').first().waitFor();
    await this.press('Enter');
    await palette.waitFor({ state: 'detached' });
    // Readers and keyboards begin at the title of the new page.
    await this.isOn(this.page.getByRole('heading', { level: 1, name: heading }));
  }
}
