import type { Type } from '@nestjs/common';
import { ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { operatorPermissions, type Permission, type Principal, rolePermissions } from '@tollgate/contracts/auth';
import type { EventDefinition, EventEnvelope, TopicEvent } from '@tollgate/contracts/events';
import { catalogueTopics, createEventBus, toRecord } from '@tollgate/messaging';
import { MailBox, MailEntity } from '@tollgate/notify';
import { Database } from '@tollgate/persistence';
import { createTestDatabase, testMasterKey, type TestDatabase } from '@tollgate/persistence/testing';
import { bootService, createLogger } from '@tollgate/platform';
import { developerPortalApp, developerPortalSchema } from '../index.ts';
import { startTestAnalytics, type TestAnalytics } from './test-analytics.ts';
import { startTestIam, type TestIam } from './test-iam.ts';
import { startTestGatewayManager, type TestGatewayManager } from './test-gateway-manager.ts';

/** How a suite makes a request. */
export interface SuiteRequest {
  /** Default: POST with a body, else GET. */
  readonly method?: string;
  readonly body?: unknown;
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
  readonly headers?: Record<string, string>;
}

/** What came back. */
export interface SuiteResponse<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The service with a database of its own and stand-ins for the other services, as a suite sees it. */
export interface RunningPortal {
  readonly url: string;
  /** Address of the public port. */
  readonly publicUrl: string;
  readonly database: TestDatabase;
  readonly iam: TestIam;
  readonly gatewayManager: TestGatewayManager;
  readonly analytics: TestAnalytics;
  request<T>(path: string, request?: SuiteRequest): Promise<SuiteResponse<T>>;
  /** Authorization of the SaaS’s own staff. */
  operator(): Promise<string>;
  /** Authorization of somebody of the tenant; default an owner. */
  console(tenantId: string, permissions?: readonly Permission[], userId?: string): Promise<string>;
  /** Authorization of another service. */
  service(tenantId?: string): Promise<string>;
  /** Publishes events as the services that own them do. */
  publish(...events: TopicEvent[]): Promise<void>;
  /** Events of a type that are on the bus, in order, about one tenant. */
  published<T>(event: EventDefinition<T>, tenantId: string): Promise<EventEnvelope<T>[]>;
  /** Texts of the mails to an address, oldest first. */
  mails(to: string): Promise<string[]>;
  /** A part of the running service. */
  part<T>(type: Type<T>): T;
  close(): Promise<void>;
}

/** Where a suite's servers are. */
export interface SuiteServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Number of a Redis database that no other suite of this service uses, so that none takes its events. */
  readonly redisDatabase: number;
}

/** Boots the service on Redis Streams. */
export async function startPortal(
  servers: SuiteServers,
  environment: Record<string, string> = {},
): Promise<RunningPortal> {
  const database = await createTestDatabase(servers.databaseUrl, [developerPortalSchema]);
  const iam = await startTestIam();
  const gatewayManager = await startTestGatewayManager();
  const analytics = await startTestAnalytics();
  const serviceTokens = new ServiceTokens(testMasterKey, 'gateway-manager');
  const redisUrl = new URL(`/${servers.redisDatabase}`, servers.redisUrl).href;
  const bus = createEventBus({ redisUrl }, 'developer-portal-suite', createLogger('developer-portal', 'silent'));
  await bus.ensureTopics(catalogueTopics());
  const config = developerPortalApp.loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    PORTAL_PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: testMasterKey,
    DATABASE_URL: database.adminUrl,
    REDIS_URL: redisUrl,
    IAM_URL: iam.url,
    GATEWAY_MANAGER_URL: gatewayManager.url,
    ANALYTICS_URL: analytics.url,
    RATE_LIMIT_SENSITIVE_PER_MINUTE: '100000',
    RATE_LIMIT_PER_MINUTE: '100000',
    ...environment,
  });
  const running = await bootService(developerPortalApp, config);
  const part = <T>(type: Type<T>): T => running.app.get(type, { strict: false });

  return {
    url: running.url,
    publicUrl: running.publicUrl ?? '',
    database,
    iam,
    gatewayManager,
    analytics,
    async request<T>(path: string, { method, body, authorization, headers }: SuiteRequest = {}) {
      const response = await fetch(running.url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(authorization === undefined ? {} : { authorization }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed = (text === '' ? undefined : JSON.parse(text)) as T;
      return { status: response.status, headers: response.headers, body: parsed };
    },
    operator() {
      const principal: Principal = { kind: 'operator', id: newId('usr'), permissions: [...operatorPermissions] };
      return iam.authorize('developer-portal', principal);
    },
    console(tenantId, permissions = rolePermissions.owner, userId = newId('usr')) {
      const principal: Principal = { kind: 'user', id: userId, tenantId, permissions: [...permissions] };
      return iam.authorize('developer-portal', principal);
    },
    async service(tenantId) {
      return `Bearer ${await serviceTokens.sign('developer-portal', tenantId)}`;
    },
    publish: (...events) => bus.publish(events.map((event) => toRecord(event))),
    async published<T>({ topic, type, schema }: EventDefinition<T>, tenantId: string) {
      const found: EventEnvelope<T>[] = [];
      for await (const { value } of bus.read(topic)) {
        const envelope = JSON.parse(value) as EventEnvelope;
        if (envelope.type !== type || envelope.tenantid !== tenantId) continue;
        found.push({ ...envelope, data: schema.parse(envelope.data) });
      }
      return found;
    },
    async mails(to) {
      const rows = await running.app
        .get(Database)
        .inSystem('mail-delivery', ({ manager }) =>
          manager.find(MailEntity, { where: { recipient: to }, order: { id: 'asc' } }),
        );
      return rows.map((row) => part(MailBox).textOf(row) ?? '');
    },
    part,
    async close() {
      await running.close();
      await bus.close();
      await Promise.all([iam.close(), gatewayManager.close(), analytics.close()]);
      await database.drop();
    },
  };
}
