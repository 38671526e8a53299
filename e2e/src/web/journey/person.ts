import type { Browser, BrowserContext, Page } from 'playwright-core';
import { contextOf, type Variant } from '../variants.ts';
import { findObstacles, openWatchedPage, waitUntilLoaded, type WatchedPage } from '../watched-page.ts';
import { Hands } from './hands.ts';
import { textsOf } from './texts.ts';

/** Somebody with a browser of their own, who uses one of the front-ends. */
export class Person extends Hands {
  readonly #watched: WatchedPage;
  readonly #context: BrowserContext;
  readonly #variant: Variant;
  readonly #app: 'console' | 'portal';
  readonly #findings = new Map<string, readonly string[]>();
  readonly #passed: string[] = [];

  private constructor(
    watched: WatchedPage,
    { context, app, variant }: { context: BrowserContext; app: 'console' | 'portal'; variant: Variant },
  ) {
    super(watched.page, textsOf(app, variant.language));
    this.#watched = watched;
    this.#context = context;
    this.#variant = variant;
    this.#app = app;
  }

  /** Sits down at a new browser. `origins`: what pages may load from. */
  static async sitDown(
    browser: Browser,
    { app, variant, origins }: { app: 'console' | 'portal'; variant: Variant; origins: readonly string[] },
  ): Promise<Person> {
    const context = await browser.newContext(contextOf(variant));
    return new Person(await openWatchedPage(context, origins), { context, app, variant });
  }

  get page(): Page {
    return this.#watched.page;
  }

  get language(): Variant['language'] {
    return this.#variant.language;
  }

  get isOnPhone(): boolean {
    return this.#variant.width < 600;
  }

  /** Pages that were looked at, in order. */
  get passed(): readonly string[] {
    return this.#passed;
  }

  /** What was wrong with them; a page without faults is not in it. */
  get findings(): Record<string, readonly string[]> {
    return Object.fromEntries(this.#findings);
  }

  /** The dialog or drawer that is open. */
  get dialog(): Hands {
    return new Hands(this.page.getByRole('dialog'), textsOf(this.#app, this.#variant.language));
  }

  /** The next answers with these statuses are what the story wants. */
  expectStatuses(...statuses: number[]): void {
    this.#watched.expectStatuses(...statuses);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await waitUntilLoaded(this.page);
  }

  /** Goes to a place by the navigation, which is behind a button on a phone. */
  async goTo(key: string): Promise<void> {
    if (this.isOnPhone) await this.press('ui.menu');
    const navigation = this.page.getByRole('navigation', {
      name: this.say(this.#app === 'console' ? 'nav.label' : 'app.navigation'),
    });
    const name = this.say(`${this.#app === 'console' ? 'nav' : 'app.places'}.${key}`);
    await navigation
      // A count of what waits may follow; another place may begin or end with the same word.
      .getByRole('link', { name: new RegExp(String.raw`^${name}(?![ ]*\p{L})`, 'u') })
      .filter({ visible: true })
      .click();
    await waitUntilLoaded(this.page);
  }

  /** Goes to another page of the same thing by its tab. */
  async turnTo(tabs: { list: string; tab: string; values?: Record<string, string> }): Promise<void> {
    const list = this.page.getByRole('navigation', { name: this.say(tabs.list, { values: tabs.values }), exact: true });
    await list.getByRole('link', { name: this.say(tabs.tab) }).click();
    await waitUntilLoaded(this.page);
  }

  /** Looks at the page as it stands: nothing went wrong on the way here, and everybody could use it. */
  async look(name: string): Promise<void> {
    await waitUntilLoaded(this.page);
    this.#passed.push(name);
    const found = [...this.#watched.takeTroubles(), ...(await findObstacles(this.page))];
    if (found.length > 0) this.#findings.set(name, [...(this.#findings.get(name) ?? []), ...found]);
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}
