import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestIssuer } from '@tollgate/auth/testing';
import { newId } from '@tollgate/contracts';
import { type Permission, type Principal, rolePermissions } from '@tollgate/contracts/auth';
import {
  environmentCreated,
  type EventDefinition,
  type EventEnvelope,
  tenantCreated,
  type TopicEvent,
} from '@tollgate/contracts/events';
import type { GatewayGroup, PoolKind } from '@tollgate/contracts/rest/gateway';
import { startRedis } from '@tollgate/embedded';
import { catalogueTopics, createEventBus, toRecord } from '@tollgate/messaging';
import { createTestDatabase, type TestDatabase, testMasterKey } from '@tollgate/persistence/testing';
import { bootService, createLogger, type RunningService } from '@tollgate/platform';
import { eventually } from '@tollgate/testing';
import { gatewayManagerApp, gatewayManagerSchema } from '../index.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

/** A tenant with one environment. */
export interface SampleTenant {
  tenantId: string;
  slug: string;
  environmentId: string;
  projectId: string;
}

export interface RequestOptions {
  tenantId?: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  ifMatch?: number;
  /** Default: all that an owner may do. */
  permissions?: readonly Permission[];
  /** Default: somebody new with every request. */
  principalId?: string;
  idempotencyKey?: string;
  /** `Accept-Language`; default: none. */
  language?: string;
}

/** An answer with its JSON body read. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** The service with servers, an issuer and stand-ins of its own, as a suite sees it. */
export interface RunningGatewayManager {
  readonly service: RunningService;
  readonly database: TestDatabase;
  readonly policyManager: StandIn;
  readonly iam: StandIn;
  readonly developerPortal: StandIn;
  readonly analytics: StandIn;
  request<T = Record<string, unknown>>(path: string, options?: RequestOptions): Promise<Answer<T>>;
  /** Publishes events as the services that own them do. */
  publish(...events: TopicEvent[]): Promise<void>;
  /** Events of a type that are on the bus, in order, about one tenant. */
  published<T>(event: EventDefinition<T>, tenantId: string): Promise<EventEnvelope<T>[]>;
  /** A fresh tenant whose environment the service knows. */
  addTenant(): Promise<SampleTenant>;
  /** @param pool default: shared. */
  addGroup(tenant: SampleTenant, name?: string, pool?: PoolKind): Promise<GatewayGroup>;
  close(): Promise<void>;
}

/**
 * Boots the service on a database and a Redis of the suite's own, so that no other suite's service takes its events.
 * @param env variables beyond those that every suite has.
 */
export async function startGatewayManager(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<RunningGatewayManager> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-gateway-'));
  const redis = await startRedis({ dataDir: folder, volatile: true });
  const database = await createTestDatabase(databaseUrl, [gatewayManagerSchema]);
  const issuer = await startTestIssuer();
  const policyManager = await startStandIn();
  const developerPortal = await startStandIn();
  const analytics = await startStandIn();
  analytics.answers.set('/internal/v1/quotas', { items: [], nextCursor: null });
  const iam = await startStandIn(issuer.url);
  const config = gatewayManagerApp.loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    LINK_PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: testMasterKey,
    DATABASE_URL: database.adminUrl,
    REDIS_URL: redis.url,
    IAM_URL: iam.url,
    POLICY_MANAGER_URL: policyManager.url,
    DEVELOPER_PORTAL_URL: developerPortal.url,
    ANALYTICS_URL: analytics.url,
    RATE_LIMIT_PER_MINUTE: '100000',
    RATE_LIMIT_SENSITIVE_PER_MINUTE: '100000',
    ...env,
  });
  const bus = createEventBus({ redisUrl: redis.url }, 'gateway-suite', createLogger('gateway-manager', 'silent'));
  await bus.ensureTopics(catalogueTopics());
  const service = await bootService(gatewayManagerApp, config);

  async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const { tenantId, body, ifMatch, idempotencyKey, language, permissions = rolePermissions.owner } = options;
    const principal: Principal = {
      kind: 'user',
      id: options.principalId ?? newId('usr'),
      permissions: [...permissions],
      ...(tenantId ? { tenantId } : {}),
    };
    const response = await fetch(service.url + path, {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(tenantId === undefined ? {} : { authorization: await issuer.authorize('gateway-manager', principal) }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(language === undefined ? {} : { 'accept-language': language }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
  }

  const publish = (...events: TopicEvent[]) => bus.publish(events.map((event) => toRecord(event)));

  async function published<T>({ topic, type, schema }: EventDefinition<T>, tenantId: string) {
    const found: EventEnvelope<T>[] = [];
    for await (const { value } of bus.read(topic)) {
      const envelope = JSON.parse(value) as EventEnvelope;
      if (envelope.type !== type || envelope.tenantid !== tenantId) continue;
      found.push({ ...envelope, data: schema.parse(envelope.data) });
    }
    return found;
  }

  async function addTenant(): Promise<SampleTenant> {
    const tenantId = newId('tnt');
    const slug = `t${tenantId.slice(-12)}`;
    const environmentId = newId('env');
    const projectId = newId('prj');
    const base = { tenantId, aggregateVersion: 1 };
    await publish(
      tenantCreated.create({
        ...base,
        subject: tenantId,
        data: { tenantId, slug, name: 'Acme', billingTimeZone: 'UTC' },
      }),
      environmentCreated.create({
        ...base,
        subject: environmentId,
        data: { environmentId, projectId, name: 'prd', projectName: 'Shop' },
      }),
    );
    await eventually(
      async () => {
        const known = await database.query(
          'select from gateway.environments join gateway.tenants using (tenant_id) where id = $1',
          [environmentId],
        );
        if (known.length === 0) throw new Error('the environment is not known yet');
      },
      { withinMs: 10_000 },
    );
    return { tenantId, slug, environmentId, projectId };
  }

  async function addGroup(
    { tenantId, environmentId }: SampleTenant,
    name = 'main',
    pool: PoolKind = 'shared',
  ): Promise<GatewayGroup> {
    const body = { environmentId, name, pool };
    const answer = await request<GatewayGroup>('/api/v1/gateway-groups', { tenantId, body });
    if (answer.status !== 201) throw new Error(`group not created: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return {
    service,
    database,
    policyManager,
    analytics,
    iam,
    developerPortal,
    request,
    publish,
    published,
    addTenant,
    addGroup,
    async close() {
      await service.close();
      await bus.close();
      await Promise.all([
        issuer.close(),
        policyManager.close(),
        developerPortal.close(),
        analytics.close(),
        iam.close(),
      ]);
      await database.drop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
