import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { requireCommand } from '../install/system-package.ts';
import type { Report } from '../install/system-package.ts';
import { stopLeftover } from '../process/leftover.ts';
import { readOrCreateSecret } from '../process/secret-file.ts';
import { launchServer } from '../process/server-process.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { startOnPort } from '../process/start-attempts.ts';
import { redisSettings } from './redis-settings.ts';

/** How to start Redis. */
export interface RedisOptions {
  /** Folder for data, log and pid; made on first use and found again later. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** For tests: nothing is written to disk. */
  readonly volatile?: boolean;
  /** Upper bound of the data in bytes; writes are refused beyond it. 0 (default) means none. */
  readonly maxMemoryBytes?: number;
  readonly report?: Report;
}

/** A running Redis. */
export interface RedisServer extends ServerProcess {
  readonly port: number;
  /** `redis://` URL with its password. */
  readonly url: string;
}

const STOP_SIGNAL = 'SIGTERM';

/**
 * Starts the system's `redis-server` on loopback; what it acknowledged is on disk (append-only file, fsync always) and
 * nothing is evicted. A server left on the same folder by a killed run is stopped first. The command is installed when it
 * is missing and this runs as root. Throws {@link ServerStartError} when it does not come up.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const command = requireCommand(
    { command: 'redis-server', debianPackage: 'redis-server' },
    options.report ?? (() => undefined),
  );
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const password = readOrCreateSecret(join(dataDir, 'password'));
  const pidFile = join(dataDir, 'server.pid');
  const settingsFile = join(dataDir, 'redis.conf');
  await stopLeftover({ pidFile, marker: settingsFile, signal: STOP_SIGNAL });

  return startOnPort(options.port ?? 0, async (port) => {
    const url = `redis://default:${password}@127.0.0.1:${port}/0`;
    const { volatile = false, maxMemoryBytes = 0 } = options;
    writeFileSync(settingsFile, redisSettings({ port, dataDir, password, volatile, maxMemoryBytes }), { mode: 0o600 });
    const server = await launchServer({
      name: 'Redis',
      command,
      args: [settingsFile],
      cwd: dataDir,
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
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } finally {
    client.disconnect();
  }
}
