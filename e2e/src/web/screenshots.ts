/**
 * `npm run screenshots [-- <part of a name> …]`: writes every page at 1440 and 390 px, light and dark, to `.screenshots/`; with `--zh` in
 * 简体中文. Plays against the running installation, or starts one.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startInstallation } from '../installation/start-installation.ts';
import { readAddresses } from '../installation/find-installation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openBrowser } from './browser.ts';
import { readDemoWorld } from './demo-world.ts';
import { placesOf } from './places.ts';
import { variants } from './variants.ts';
import { openVisitors, urlOf, visit } from './visit.ts';

const root = join(import.meta.dirname, '../../..');
const target = join(root, '.screenshots');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const language = process.argv.includes('--zh') ? 'zh-CN' : 'en';

const folder = await temporaryFolder('screenshots');
const runningDataDir = process.env.TOLLGATE_DATA_DIR ?? join(root, '.tollgate');
const running = await readAddresses(runningDataDir);
const installation =
  running === null
    ? await startInstallation({ dataDir: join(folder.path, 'data') })
    : { addresses: running, dataDir: runningDataDir, stop: async () => {} };
const browser = await openBrowser();
try {
  await mkdir(target, { recursive: true });
  const world = await readDemoWorld(installation.addresses, installation.dataDir);
  const places = placesOf(world).filter(
    ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  );
  for (const variant of variants.filter((one) => one.language === language)) {
    const visitors = openVisitors(browser, { world, variant });
    for (const place of places) {
      const { page, takeTroubles } = await visitors.pageOf(place.visitor);
      try {
        await visit(page, urlOf(place, world));
        await page.screenshot({ path: join(target, `${place.name}-${variant.name}.png`), fullPage: true });
      } catch (error) {
        process.stderr.write(`${place.name}-${variant.name}: ${String(error)}\n`);
        process.exitCode = 1;
      }
      for (const trouble of takeTroubles()) process.stderr.write(`${place.name}-${variant.name}: ${trouble}\n`);
    }
    await visitors.close();
  }
  process.stdout.write(`${places.length} pages in ${target}\n`);
} finally {
  await browser.close();
  await installation.stop();
  await folder.remove();
}
