import type { Locator, Page } from 'playwright-core';
import type { Texts } from './texts.ts';

/** Values of the places in a text, and how many of something it speaks of. */
export interface Said {
  readonly values?: Readonly<Record<string, string | number>>;
  readonly count?: number;
}

/** Uses a page, or a part of it, as somebody does who knows it by what it says: by roles and labels, in the page's own words. */
export class Hands {
  readonly #on: Page | Locator;
  readonly #texts: Texts;

  constructor(on: Page | Locator, texts: Texts) {
    this.#on = on;
    this.#texts = texts;
  }

  /** The text of a key. */
  say(key: string, { values, count }: Said = {}): string {
    return this.#texts(key, values, count);
  }

  /** A field, or whatever else can be seen, by the text of its label. */
  field(key: string, said: Said = {}): Locator {
    return this.#on.getByLabel(this.say(key, said), { exact: true }).filter({ visible: true });
  }

  /** Types into fields, each by the key of its label. */
  async fill(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(values)) await this.field(key).fill(value);
  }

  /** Takes one of a list, by what the list shows. */
  async choose(key: string, label: string): Promise<void> {
    await this.field(key).selectOption({ label });
  }

  /** Looks for one of many by typing, and takes it. */
  async find(key: string, label: string): Promise<void> {
    await this.field(key).fill(label);
    // The list hangs at the end of the page, not where the field is.
    const page = 'page' in this.#on ? this.#on.page() : this.#on;
    await page.getByRole('option', { name: label }).click();
  }

  /** Takes one of a few cards. */
  async pick(key: string): Promise<void> {
    await this.#on.getByRole('radio', { name: this.say(key) }).click();
  }

  /** Presses the button that says this. */
  async press(key: string, said: Said = {}): Promise<void> {
    await this.button(key, said).click();
  }

  button(key: string, said: Said = {}): Locator {
    return this.#on.getByRole('button', { name: this.say(key, said), exact: true });
  }

  /** Follows the link that says this. */
  async follow(key: string, said: Said = {}): Promise<void> {
    await this.followTo(this.say(key, said));
  }

  /** Follows the link with this name. */
  async followTo(name: string): Promise<void> {
    await this.#on.getByRole('link', { name, exact: true }).first().click();
  }

  /** Chooses in an open menu. */
  async chooseInMenu(key: string, said: Said = {}): Promise<void> {
    await this.#on.getByRole('menuitem', { name: this.say(key, said), exact: true }).click();
  }

  /** Hands a file to the field that takes one. */
  async give(key: string, file: { readonly name: string; readonly text: string }): Promise<void> {
    const { name, text } = file;
    // The field itself is not in sight: a button opens it.
    const field = this.#on.getByLabel(this.say(key), { exact: true });
    await field.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  }

  /** Waits until the page says this. */
  async sees(key: string, said: Said = {}): Promise<void> {
    await this.seesText(this.say(key, said));
  }

  async seesText(text: string): Promise<void> {
    await this.#on.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Waits for the heading with this text. */
  async seesHeading(name: string): Promise<void> {
    await this.#on.getByRole('heading', { name, exact: true }).first().waitFor();
  }
}
