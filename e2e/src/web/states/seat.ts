import type { Page } from 'playwright-core';
import { Hands } from '../journey/hands.ts';
import { textsOf } from '../journey/texts.ts';
import type { Variant } from '../variants.ts';

/** Somebody before a page, who does what leads to one of its states: by roles and labels, in the page's own words. */
export class Seat extends Hands {
  readonly page: Page;
  readonly variant: Variant;
  /** What is open over the page: a dialog, a drawer, or a question. */
  readonly dialog: Hands;
  /** The page without what is around it. */
  readonly main: Hands;

  constructor(page: Page, { app, variant }: { app: 'console' | 'portal'; variant: Variant }) {
    const texts = textsOf(app, variant.language);
    super(page, texts);
    this.page = page;
    this.variant = variant;
    this.dialog = new Hands(page.getByRole('dialog'), texts);
    this.main = new Hands(page.getByRole('main'), texts);
  }

  get isOnPhone(): boolean {
    return this.variant.width < 600;
  }

  /** Chooses in the menu with this label what asks something. */
  async ask(menu: string, item: string, values: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.button(menu, { values }).first().click();
    await this.chooseInMenu(item);
    await this.isAsked();
  }

  /** Waits for the dialog, drawer or question. */
  async isAsked(): Promise<void> {
    await this.page.getByRole('dialog').waitFor();
  }

  /** Opens something in a page that stands over it, and waits for it. */
  async open(key: string, values: Readonly<Record<string, string | number>> = {}): Promise<void> {
    await this.main.button(key, { values }).first().click();
    await this.isAsked();
  }

  /** Types into the search with this label, which finds nothing. */
  async seekInVain(key: string): Promise<void> {
    await this.field(key).fill('nothing-is-called-like-this');
  }

  /** Opens the subscription of this application in a list of the console. */
  async openSubscription(application: string): Promise<void> {
    const row = this.page.getByRole('row').filter({ hasText: application });
    await row.getByRole('button').first().click();
    await this.isAsked();
  }

  /** Opens where one can go, which only a phone hides. */
  async openNavigation(): Promise<void> {
    if (!this.isOnPhone) return;
    await this.press('ui.menu');
    await this.isAsked();
  }
}
