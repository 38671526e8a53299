import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, type RedisServer, startRedis } from '@tollgate/embedded';
import { catalogueTopics, createEventBus } from '@tollgate/messaging';
import { createTestDatabase, type TestDatabase, testMasterKey } from '@tollgate/persistence/testing';
import { bootService, createLogger, type RunningService } from '@tollgate/platform';
import { iamApp, IamSeeding, iamSchema } from '../index.ts';
import { Caller, Edge } from './edge.ts';

/** A booted iam with a database and a Redis of its own. */
export interface TestIam {
  readonly service: RunningService;
  readonly database: TestDatabase;
  readonly redis: RedisServer;
  /** Data folder of that Redis, to start it again. */
  readonly redisFolder: string;
  readonly edge: Edge;
  /** A caller without credential. */
  readonly anybody: Caller;
  /** An operator with a session. */
  operator(): Promise<Caller>;
  close(): Promise<void>;
}

/** Boots iam as `main.ts` does. `env` overrides its environment. */
export async function startIam(databaseServerUrl: string, env: Record<string, string> = {}): Promise<TestIam> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-iam-'));
  const redis = await startRedis({ dataDir: folder, volatile: true });
  const database = await createTestDatabase(databaseServerUrl, [iamSchema]);
  await makeTopics(redis.url);
  const port = await findFreePort();
  const config = iamApp.loadConfig({
    PORT: String(port),
    IAM_URL: `http://127.0.0.1:${port}`,
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: testMasterKey,
    DATABASE_URL: database.adminUrl,
    REDIS_URL: redis.url,
    RATE_LIMIT_SENSITIVE_PER_MINUTE: '10000',
    ...env,
  });
  const service = await bootService(iamApp, config);
  const edge = new Edge(config);
  const anybody = new Caller(edge, undefined);
  return {
    service,
    database,
    redis,
    redisFolder: folder,
    edge,
    anybody,
    async operator() {
      const person = { email: 'op@tollgate.test', name: 'Olga Operator', password: 'operators have long passwords' };
      await service.app.get(IamSeeding, { strict: false }).ensureOperator(person);
      return anybody.logIn(person);
    },
    async close() {
      await service.close();
      await database.drop();
      await redis.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function makeTopics(redisUrl: string): Promise<void> {
  const bus = createEventBus({ redisUrl }, 'tollgate-iam-suite', createLogger('iam', 'silent'));
  await bus.ensureTopics(catalogueTopics());
  await bus.close();
}
