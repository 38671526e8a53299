/** `npm run generate` writes every generated reference; `--check` fails, naming each that is stale. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type GeneratedFile, generatedFiles } from './files.ts';

const root = join(import.meta.dirname, '../../..');
const isCheck = process.argv.includes('--check');

async function isStale(file: GeneratedFile): Promise<boolean> {
  const present = await readFile(join(root, file.path), 'utf8').catch(() => undefined);
  return present !== file.content;
}

const stale: GeneratedFile[] = [];
for (const file of await generatedFiles(root)) {
  if (await isStale(file)) stale.push(file);
}

if (isCheck) {
  for (const file of stale) process.stderr.write(`stale: ${file.path}\n`);
  if (stale.length > 0) process.stderr.write('Run `npm run generate` and commit what it writes.\n');
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const file of stale) {
    const path = join(root, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
    process.stdout.write(`wrote ${relative(root, path)}\n`);
  }
  if (stale.length === 0) process.stdout.write('Everything is up to date.\n');
}
