import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoFile, runFile } from '@tollgate/contracts/runtime';
import type { InstallationAddresses } from '../journey/world.ts';
import { startInstallation } from './start-installation.ts';

/** An installation to play against. */
export interface Installation {
  addresses: InstallationAddresses;
  /** Stops it if it was started for this; else does nothing. */
  stop: () => Promise<void>;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Addresses of the installation whose data folder this is, or null when none runs there.
 * @throws when its files are damaged.
 */
export async function readAddresses(dataDir: string): Promise<InstallationAddresses | null> {
  const text = await readFile(join(dataDir, 'run.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const run = runFile.parse(JSON.parse(text));
  const { console: consoleUrl, portal: portalUrl } = run.processes['standalone']?.urls ?? {};
  if (
    !isAlive(run.launcherPid) ||
    consoleUrl === undefined ||
    portalUrl === undefined ||
    run.processes['gateway'] === undefined
  )
    return null;
  const demo = await readFile(join(dataDir, 'demo.json'), 'utf8').catch(() => null);
  return demo === null ? null : { consoleUrl, portalUrl, operator: demoFile.parse(JSON.parse(demo)).operator };
}

/** The running installation, or a fresh one in `folder` with free ports that ends with `stop`. */
export async function findInstallation(folder: string, say: (text: string) => void): Promise<Installation> {
  const dataDir = process.env.TOLLGATE_DATA_DIR ?? join(import.meta.dirname, '../../../.tollgate');
  const addresses = await readAddresses(dataDir);
  if (addresses !== null) {
    say(`Playing against the running installation at ${addresses.consoleUrl}.\n`);
    return { addresses, stop: async () => {} };
  }
  say('Nothing runs here; starting an installation for the demo (npm start keeps one running) …\n');
  return startInstallation({ dataDir: join(folder, 'data') });
}
