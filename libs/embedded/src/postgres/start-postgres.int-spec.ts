import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../process/process-table.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { removePostgresData } from './postgres-folder.ts';
import { startPostgres } from './start-postgres.ts';

let folder: string;
let dataDir: string;
let running: ServerProcess[];

beforeEach(() => {
  folder = makeTemporaryFolder();
  dataDir = join(folder, 'postgres');
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  removePostgresData(dataDir);
  rmSync(folder, { recursive: true });
});

async function start(port = 0) {
  const server = await startPostgres({ dataDir, port });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('starts PostgreSQL 18 with durable commits and UTF-8', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('fsync') AS fsync,
                current_setting('listen_addresses') AS address, pg_encoding_to_char(encoding) AS encoding
           FROM pg_database WHERE datname = current_database()`,
      ),
    ).toEqual([{ major: 18, fsync: 'on', address: '127.0.0.1', encoding: 'UTF8' }]);
  });

  it('refuses a connection with a wrong password', async () => {
    const { url } = await start();
    const guessed = new URL(url);
    guessed.password = 'guess';
    await expect(query(guessed.href, 'SELECT 1')).rejects.toThrow(/password authentication/);
  });

  it('keeps its data and address when stopped and started on the same port', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS value');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start(first.port);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  it('recovers what was committed after kill -9 on the same port', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS value');
    await first.kill();

    const second = await start(first.port);
    expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  it('stops a server that still runs on the folder', async () => {
    const orphan = await start();
    const next = await start();
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts over the pid file of a killed run whose id a stranger has now', async () => {
    const first = await start();
    const [{ data_directory: cluster }] = (await query(first.url, 'SHOW data_directory')) as [
      { data_directory: string },
    ];
    await first.kill();
    writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n`);

    const second = await start();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isAlive(process.pid)).toBe(true);
  });

  it('starts after a run that was killed while it made the cluster', async () => {
    mkdirSync(join(dataDir, 'cluster', 'data.incomplete'), { recursive: true });
    writeFileSync(join(dataDir, 'cluster', 'data.incomplete', 'PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.runIf(process.getuid?.() === 0)(
    'keeps the database elsewhere, and says so, below a folder closed to its user',
    async () => {
      chmodSync(folder, 0o700);
      const lines: string[] = [];
      const server = await startPostgres({ dataDir, report: (line) => lines.push(line) });
      running.push(server);
      expect(lines.join('\n')).toMatch(/cannot reach .*postgres: the database is kept in \/var\/lib\/tollgate/);
      expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );
});
