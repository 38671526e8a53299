import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from '../install/system-package.ts';
import { canExecute } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';

/** Where things go that the user `postgres` must reach when the caller's own folders are closed to it. */
export const SYSTEM_FOLDER = '/var/lib/tollgate';

/**
 * Makes the folder that holds the cluster, owned by the account that runs PostgreSQL. It is `dataDir/cluster`, or, when
 * the account cannot pass through the folders above, a folder below /var/lib/tollgate named after `dataDir`; this is reported.
 */
export function postgresFolder(dataDir: string, account: PostgresAccount | undefined, report: Report): string {
  mkdirSync(dataDir, { recursive: true });
  if (!account) return ensureFolder(join(dataDir, 'cluster'));
  chmodSync(dataDir, 0o711);
  if (canExecute(account, dataDir)) return ensureFolder(join(dataDir, 'cluster'), account);

  const elsewhere = relocatedFolder(dataDir);
  report(`the user postgres cannot reach ${dataDir}: the database is kept in ${elsewhere}`);
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  return ensureFolder(elsewhere, account);
}

/** Forgets all data of the PostgreSQL that was started with this `dataDir`, wherever it was kept. Stop it first. */
export function removePostgresData(dataDir: string): void {
  for (const folder of [dataDir, relocatedFolder(dataDir)]) rmSync(folder, { recursive: true, force: true });
}

function relocatedFolder(dataDir: string): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  return join(SYSTEM_FOLDER, `postgres-${name}`);
}

function ensureFolder(folder: string, account?: PostgresAccount): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}
