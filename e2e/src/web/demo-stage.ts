import { join } from 'node:path';
import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import type { Browser } from 'playwright-core';
import { startInstallation } from '../installation/start-installation.ts';
import { dataOf } from '../journey/world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openBrowser } from './browser.ts';
import { type DemoWorld, readDemoWorld } from './demo-world.ts';

/** An installation of one's own with its demo tenant, and a browser to look at it with. */
export interface DemoStage {
  readonly world: DemoWorld;
  readonly browser: Browser;
  /** Where whoever plays here may leave files; it goes with the stage. */
  readonly folder: string;
  /** Where the installation has its own. */
  readonly dataDir: string;
  readonly close: () => Promise<void>;
}

/** Starts both; what has started is stopped when something after it does not. */
export async function openDemoStage(): Promise<DemoStage> {
  const { path: folder, remove } = await temporaryFolder('web');
  const closing: (() => Promise<unknown>)[] = [remove];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0)) await step();
  };
  try {
    const { addresses, dataDir, stop } = await startInstallation({ dataDir: join(folder, 'data') });
    closing.unshift(stop);
    const browser = await openBrowser();
    closing.unshift(() => browser.close());
    return { world: await readDemoWorld(addresses, dataDir), browser, folder, dataDir, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Somebody who logs in at the console, by the API. */
export async function clientOf(baseUrl: string, logIn: { email: string; password: string }): Promise<TollgateClient> {
  const { token } = await dataOf(createTollgateClient({ baseUrl }).POST('/api/v1/auth/login', { body: logIn }));
  return createTollgateClient({ baseUrl, token });
}
