import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../process/process-table.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { startRedis } from './start-redis.ts';

let folder: string;
let running: ServerProcess[];

beforeEach(() => {
  folder = makeTemporaryFolder();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

async function start(port = 0) {
  const server = await startRedis({ dataDir: join(folder, 'redis'), port });
  running.push(server);
  return server;
}

async function withClient<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, enableReadyCheck: false });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

describe('startRedis', () => {
  it('appends every write to disk at once and evicts nothing', async () => {
    const { url } = await start();
    const settings = await withClient(url, (client) => client.config('GET', 'append*', 'maxmemory-policy', 'bind'));
    expect(settings).toEqual(
      expect.arrayContaining(['appendonly', 'yes', 'appendfsync', 'always', 'noeviction', '127.0.0.1']),
    );
  });

  it('refuses a client without the password', async () => {
    const { port } = await start();
    await expect(withClient(`redis://127.0.0.1:${port}`, (client) => client.get('key'))).rejects.toThrow(/NOAUTH/);
  });

  it('keeps its data and address when stopped and started on the same port', async () => {
    const first = await start();
    await withClient(first.url, (client) => client.set('kept', '7'));
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start(first.port);
    expect(second.url).toBe(first.url);
    expect(await withClient(second.url, (client) => client.get('kept'))).toBe('7');
  });

  it('recovers what it acknowledged after kill -9 on the same port', async () => {
    const first = await start();
    await withClient(first.url, (client) => client.set('kept', '7'));
    await first.kill();

    const second = await start(first.port);
    expect(await withClient(second.url, (client) => client.get('kept'))).toBe('7');
  });

  it('stops a server that still runs on the folder', async () => {
    const orphan = await start();
    await start();
    expect(isAlive(orphan.pid)).toBe(false);
  });

  it('says why when it cannot start', async () => {
    await expect(startRedis({ dataDir: join(folder, 'redis'), maxMemoryBytes: -1 })).rejects.toThrow(
      /Redis ended while starting\.[^]*argument must be a memory value/,
    );
  });
});
