import type { TollgateClient } from '@tollgate/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { clientOf, openDemoStage } from '../demo-stage.ts';
import type { DemoWorld } from '../demo-world.ts';
import { contextOf, variantOf } from '../variants.ts';
import { consoleLogIn, logIn, portalLogIn } from '../visit.ts';
import { controlPlaneStopper, type WhileStopped } from './while-stopped.ts';

/** An installation of its own, a browser, and the means to make trouble. */
export interface TroubleWorld {
  readonly demo: DemoWorld;
  readonly browser: Browser;
  /** The demo tenant's administrator by the API: what somebody else does meanwhile. */
  readonly admin: TollgateClient;
  /** A browser of its own, logged in to the console or to the portal; its pages are tabs. */
  readonly enter: (app: 'console' | 'portal') => Promise<{ context: BrowserContext; page: Page }>;
  readonly newContext: () => Promise<BrowserContext>;
  readonly consoleUrl: (path: string) => string;
  /** Stops the process of the control plane as it is while `work` runs, and lets it go on afterwards. */
  readonly whileStopped: WhileStopped;
  readonly stop: () => Promise<void>;
}

/** Starts everything. */
export async function openTroubleWorld(): Promise<TroubleWorld> {
  const stage = await openDemoStage();
  const { world: demo, browser, dataDir } = stage;
  const { addresses } = demo;
  const contexts: BrowserContext[] = [];
  const newContext = async (): Promise<BrowserContext> => {
    const context = await browser.newContext(contextOf(variantOf('desktop-light-en')));
    contexts.push(context);
    return context;
  };
  return {
    demo,
    browser,
    admin: await clientOf(addresses.consoleUrl, demo.people.admin),
    newContext,
    consoleUrl: (path) => new URL(path, addresses.consoleUrl).href,
    enter: async (app) => {
      const context = await newContext();
      const page = await context.newPage();
      if (app === 'console') await logIn(page, consoleLogIn(demo), demo.people.admin);
      else await logIn(page, portalLogIn(demo), demo.people.developer);
      return { context, page };
    },
    whileStopped: await controlPlaneStopper(dataDir),
    stop: async () => {
      await Promise.all(contexts.map((context) => context.close()));
      await stage.close();
    },
  };
}
