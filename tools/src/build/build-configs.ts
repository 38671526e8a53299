import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Project } from './projects.ts';

/** A generated file: path relative to the repository, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const FILE_NAME = 'tsconfig.build.json';

/** The build configuration of every project, with references that follow its package.json, and one that names them all. */
export async function renderBuildConfigs(projects: readonly Project[]): Promise<GeneratedFile[]> {
  const folderOf = new Map(projects.map(({ name, folder }) => [name, folder]));
  const perProject = projects.map(({ folder, uses }) =>
    toFile(folder, {
      extends: posix.relative(folder, 'tsconfig.build-base.json'),
      references: uses.flatMap((name) => folderOf.get(name) ?? []).map((used) => referenceFrom(folder, used)),
    }),
  );
  const references = projects.map(({ folder }) => referenceFrom('.', folder));
  return Promise.all([toFile('.', { files: [], references }), ...perProject]);
}

/** Those files that differ from what the repository holds. */
export function findStale(root: string, files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ path, text }) => readIfPresent(join(root, path)) !== text);
}

/** Writes the files into the repository. */
export function writeFiles(root: string, files: readonly GeneratedFile[]): void {
  for (const { path, text } of files) writeFileSync(join(root, path), text);
}

function referenceFrom(folder: string, used: string): { path: string } {
  const path = posix.join(posix.relative(folder, used), FILE_NAME);
  return { path: path.startsWith('.') ? path : `./${path}` };
}

async function toFile(folder: string, config: object): Promise<GeneratedFile> {
  const options = await resolveConfig(import.meta.filename);
  return {
    path: posix.join(folder, FILE_NAME),
    text: await format(JSON.stringify(config), { ...options, parser: 'json' }),
  };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
