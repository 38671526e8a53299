import { newId } from '@tollgate/contracts';
import { rolePermissions, type Principal } from '@tollgate/contracts/auth';
import type { EventDefinition, EventEnvelope } from '@tollgate/contracts/events';
import { ServiceTokens } from '@tollgate/auth';
import { startTestIssuer } from '@tollgate/auth/testing';
import { catalogueTopics, createEventBus } from '@tollgate/messaging';
import { createTestDatabase, testMasterKey, type TestDatabase } from '@tollgate/persistence/testing';
import { bootService, createLogger } from '@tollgate/platform';
import { policyManagerApp, policyManagerSchema } from '../index.ts';

/** How a suite makes a request. */
export interface SuiteRequest {
  /** Absent: without a credential. */
  readonly tenantId?: string;
  readonly role?: 'owner' | 'viewer';
  /** Who asks; default somebody new each time. */
  readonly userId?: string;
  /** Sends a token of `gateway-manager` instead of a person’s. */
  readonly asService?: boolean;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The service with a database and an issuer of its own, as a suite sees it. */
export interface RunningPolicyManager {
  readonly database: TestDatabase;
  request(path: string, request?: SuiteRequest): Promise<Response>;
  /** Data of the events of a type that are on the bus. */
  published<T>(event: EventDefinition<T>): Promise<T[]>;
  close(): Promise<void>;
}

/** Boots the service on Redis Streams. */
export async function startPolicyManager(servers: {
  databaseUrl: string;
  redisUrl: string;
}): Promise<RunningPolicyManager> {
  const database = await createTestDatabase(servers.databaseUrl, [policyManagerSchema]);
  const issuer = await startTestIssuer();
  const serviceTokens = new ServiceTokens(testMasterKey, 'gateway-manager');
  const bus = createEventBus(
    { redisUrl: servers.redisUrl },
    'policy-manager-suite',
    createLogger('policy-manager', 'silent'),
  );
  await bus.ensureTopics(catalogueTopics());
  const config = policyManagerApp.loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: testMasterKey,
    DATABASE_URL: database.adminUrl,
    REDIS_URL: servers.redisUrl,
    IAM_URL: issuer.url,
  });
  const service = await bootService(policyManagerApp, config);

  async function authorizationOf({
    tenantId,
    role = 'owner',
    userId = newId('usr'),
    asService,
  }: SuiteRequest): Promise<string | undefined> {
    if (tenantId === undefined) return undefined;
    if (asService) return `Bearer ${await serviceTokens.sign('policy-manager', tenantId)}`;
    const principal: Principal = { kind: 'user', id: userId, tenantId, permissions: [...rolePermissions[role]] };
    return issuer.authorize('policy-manager', principal);
  }

  return {
    database,
    async request(path, request = {}) {
      const authorization = await authorizationOf(request);
      return fetch(service.url + path, {
        method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(authorization === undefined ? {} : { authorization }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
    },
    async published<T>({ topic, type, schema }: EventDefinition<T>) {
      const found: T[] = [];
      for await (const { value } of bus.read(topic)) {
        const envelope = JSON.parse(value) as EventEnvelope;
        if (envelope.type === type) found.push(schema.parse(envelope.data));
      }
      return found;
    },
    async close() {
      await service.close();
      await bus.close();
      await issuer.close();
      await database.drop();
    },
  };
}
