/** `node tools/src/image/main.ts <app> <target folder>`: lays out what the image of one app holds. Runs where the image is built. */
import { join } from 'node:path';
import { assembleApp } from './assemble.ts';

const [app, target] = process.argv.slice(2);
if (app === undefined || target === undefined) {
  process.stderr.write('Usage: node tools/src/image/main.ts <app> <target folder>\n');
  process.exit(2);
}
const packages = assembleApp(join(import.meta.dirname, '../../..'), app, target);
process.stdout.write(`${app}: ${packages.length} packages\n`);
