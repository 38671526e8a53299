import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresAccount } from './postgres-account.ts';

const MAJOR_VERSION = '18';

/** Everything that the making of a cluster needs. */
export interface NewCluster {
  readonly initdb: string;
  /** Existing folder, owned by the account; the cluster becomes `<folder>/data`. */
  readonly folder: string;
  readonly account: PostgresAccount | undefined;
  /** Password of the superuser `postgres`. */
  readonly password: string;
}

/**
 * Returns the cluster's data directory and makes it on first use. It is made aside and renamed when complete, so a run
 * killed half-way leaves nothing that blocks the next one. Throws for a cluster of another major version.
 */
export function ensureCluster(cluster: NewCluster): string {
  const data = join(cluster.folder, 'data');
  if (existsSync(data)) refuseOtherVersions(data);
  else renameSync(initialise(cluster), data);
  return data;
}

function initialise({ initdb, folder, account, password }: NewCluster): string {
  const aside = join(folder, 'data.incomplete');
  rmSync(aside, { recursive: true, force: true });
  const secrets = mkdtempSync(join(folder, 'initdb-'));
  const passwordFile = join(secrets, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [secrets, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    const { status, stderr } = spawnSync(
      initdb,
      [
        `--pgdata=${aside}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
      ],
      { ...account, cwd: '/', encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb failed:\n${stderr}`.trimEnd());
    return aside;
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

function refuseOtherVersions(data: string): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR_VERSION) {
    throw new Error(
      `${data} was made by PostgreSQL ${version}, this is ${MAJOR_VERSION}. Dump and restore it, or remove it.`,
    );
  }
}
