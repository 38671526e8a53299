import { execFileSync, spawnSync } from 'node:child_process';
import type { Report } from '../install/system-package.ts';

/** The system user that PostgreSQL runs as, because it refuses to run as root. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'postgres';

/** The account to run PostgreSQL as: undefined (the caller's own) unless this is root, else the user `postgres`. */
export function postgresAccount(report: Report): PostgresAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (idOf('-u') === undefined) {
    report(`PostgreSQL does not run as root: useradd ${USER}`);
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER]);
  }
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  if (uid === undefined || gid === undefined)
    throw new Error(`The system user ${USER} is missing. Run: sudo useradd --system ${USER}`);
  return { uid, gid };
}

/** Whether this account can reach and, for a file, execute the path. */
export function canExecute(account: PostgresAccount, path: string): boolean {
  return spawnSync('test', ['-x', path], { ...account, cwd: '/' }).status === 0;
}

function idOf(flag: '-u' | '-g'): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, USER], { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout, 10) : undefined;
}
