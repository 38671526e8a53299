import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startInstallation } from '../../installation/start-installation.ts';
import { dataOf } from '../../journey/world.ts';
import { openBrowser } from '../browser.ts';
import { type DemoWorld, readDemoWorld } from '../demo-world.ts';
import { contextOf, variantOf } from '../variants.ts';
import { consoleLogIn, logIn, portalLogIn } from '../visit.ts';
import { controlPlaneStopper, type WhileStopped } from './while-stopped.ts';

/** An installation of its own, a browser, and the means to make trouble. */
export interface TroubleWorld {
  readonly demo: DemoWorld;
  readonly browser: Browser;
  /** The demo tenant's administrator by the API: what somebody else does meanwhile. */
  readonly admin: TollgateClient;
  /** The operator by the API, who reads captured mails. */
  readonly operator: TollgateClient;
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
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-trouble-'));
  const installation = await startInstallation({ dataDir: join(folder, 'data') });
  const { addresses, dataDir } = installation;
  const browser = await openBrowser();
  const demo = await readDemoWorld(addresses, dataDir);
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
    operator: await clientOf(addresses.consoleUrl, addresses.operator),
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
      await browser.close();
      await installation.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function clientOf(baseUrl: string, body: { email: string; password: string }): Promise<TollgateClient> {
  const { token } = await dataOf(createTollgateClient({ baseUrl }).POST('/api/v1/auth/login', { body }));
  return createTollgateClient({ baseUrl, token });
}
