import { join, resolve } from 'node:path';
import { Client } from 'pg';
import type { Report } from '../install/system-package.ts';
import { stopLeftover } from '../process/leftover.ts';
import { readOrCreateSecret } from '../process/secret-file.ts';
import { launchServer } from '../process/server-process.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { startOnPort } from '../process/start-attempts.ts';
import { ensureCluster } from './initialise-cluster.ts';
import { postgresAccount } from './postgres-account.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { postgresFolder } from './postgres-folder.ts';
import { postgresSettings } from './postgres-settings.ts';

/** How to start PostgreSQL. */
export interface PostgresOptions {
  /** Folder for cluster, log and pid; made on first use and found again later. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** For tests: no fsync. A crash of the machine, not of the process, may then lose or corrupt data. */
  readonly volatile?: boolean;
  readonly report?: Report;
}

/** A running PostgreSQL. */
export interface PostgresServer extends ServerProcess {
  readonly port: number;
  /** `postgres://` URL of the superuser, with its password. */
  readonly url: string;
}

const STOP_SIGNAL = 'SIGINT';

/**
 * Starts a real PostgreSQL 18 on loopback. A server left on the same folder by a killed run is stopped first. As root it
 * runs as the system user `postgres`, which is made when missing. Ready in about two seconds at first, 0.2 s later.
 * Throws {@link ServerStartError} when it does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const report = options.report ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  const account = postgresAccount(report);
  const { initdb, postgres } = await postgresBinaries(account);
  const folder = postgresFolder(dataDir, account, report);
  const password = readOrCreateSecret(join(dataDir, 'password'));
  const pidFile = join(dataDir, 'server.pid');
  const cluster = join(folder, 'data');
  await stopLeftover({ pidFile, marker: cluster, signal: STOP_SIGNAL });
  await stopLeftover({ pidFile: join(cluster, 'postmaster.pid'), marker: cluster, signal: STOP_SIGNAL });
  ensureCluster({ initdb, folder, account, password });

  return startOnPort(options.port ?? 0, async (port) => {
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const server = await launchServer({
      name: 'PostgreSQL',
      command: postgres,
      args: ['-D', cluster, ...postgresSettings({ port, volatile: options.volatile ?? false })],
      cwd: '/',
      account,
      logFile: join(dataDir, 'server.log'),
      pidFile,
      stopSignal: STOP_SIGNAL,
      isReady: () => answers(url),
      readyWithinMs: 60_000,
    });
    return { ...server, port, url };
  });
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
