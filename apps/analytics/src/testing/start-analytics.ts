import type { Type } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { rolePermissions, type Principal } from '@tollgate/contracts/auth';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { EventDefinition, EventEnvelope, TopicEvent } from '@tollgate/contracts/events';
import { ServiceTokens } from '@tollgate/auth';
import { startTestIssuer } from '@tollgate/auth/testing';
import { catalogueTopics, createEventBus, toRecord } from '@tollgate/messaging';
import { createTestDatabase, testMasterKey, type TestDatabase } from '@tollgate/persistence/testing';
import { bootService, createLogger } from '@tollgate/platform';
import { analyticsApp, analyticsSchema } from '../index.ts';
import { IngestionService } from '../ingestion/ingestion.service.ts';
import { batchesOf } from './usage-samples.ts';

/** The service with servers and an issuer of its own, as a suite sees it. */
export interface RunningAnalytics {
  readonly url: string;
  readonly database: TestDatabase;
  /** A request as the owner of the tenant; `body` makes it a POST. */
  request(path: string, options?: { tenantId?: string; body?: unknown; role?: 'owner' | 'viewer' }): Promise<Response>;
  /** A request as `developer-portal` makes it. */
  asPortal(path: string, tenantId: string): Promise<Response>;
  /** Publishes events as the services that own them do. */
  publish(...events: TopicEvent[]): Promise<void>;
  /** The events of this definition that are on the bus, oldest first. */
  published<T>(definition: EventDefinition<T>): Promise<EventEnvelope<T>[]>;
  /** Counts rows at once, past the bus. */
  count(rows: readonly UsageRow[]): Promise<void>;
  /** A part of the running service. */
  part<T>(type: Type<T>): T;
  close(): Promise<void>;
}

/** Boots the service on Redis Streams, or on Kafka when its brokers are given. */
export async function startAnalytics(servers: {
  databaseUrl: string;
  /** Names a database of the suite’s own, so that no other suite’s service takes its events. */
  redisUrl: string;
  kafkaBrokers?: string;
  gatewayManagerUrl?: string;
  portalUrl?: string;
  /** Answers snapshots instead of the issuer; nobody but services can call then. */
  iamUrl?: string;
}): Promise<RunningAnalytics> {
  const database = await createTestDatabase(servers.databaseUrl, [analyticsSchema]);
  const issuer = await startTestIssuer();
  const kafka = servers.kafkaBrokers === undefined ? {} : { KAFKA_BROKERS: servers.kafkaBrokers };
  const config = analyticsApp.loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: testMasterKey,
    DATABASE_URL: database.adminUrl,
    REDIS_URL: servers.redisUrl,
    IAM_URL: servers.iamUrl ?? issuer.url,
    GATEWAY_MANAGER_URL: servers.gatewayManagerUrl,
    DEVELOPER_PORTAL_URL: servers.portalUrl,
    ...kafka,
  });
  const bus = createEventBus(
    {
      redisUrl: servers.redisUrl,
      ...(servers.kafkaBrokers === undefined ? {} : { kafka: { brokers: [servers.kafkaBrokers], ssl: false } }),
    },
    'analytics-suite',
    createLogger('analytics', 'silent'),
  );
  await bus.ensureTopics(catalogueTopics());
  const service = await bootService(analyticsApp, config);

  return {
    url: service.url,
    database,
    async request(path, { tenantId, body, role = 'owner' } = {}) {
      const principal: Principal = {
        kind: 'user',
        id: newId('usr'),
        permissions: [...rolePermissions[role]],
        ...(tenantId === undefined ? {} : { tenantId }),
      };
      const authorization =
        tenantId === undefined ? {} : { authorization: await issuer.authorize('analytics', principal) };
      return fetch(service.url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    async asPortal(path, tenantId) {
      const token = await new ServiceTokens(testMasterKey, 'developer-portal').sign('analytics', tenantId);
      return fetch(service.url + path, { headers: { authorization: `Bearer ${token}` } });
    },
    publish: (...events) => bus.publish(events.map((event) => toRecord(event))),
    async published<T>({ topic, schema }: EventDefinition<T>) {
      const events: EventEnvelope<T>[] = [];
      for await (const { value } of bus.read(topic)) {
        const envelope = JSON.parse(value) as EventEnvelope;
        events.push({ ...envelope, data: schema.parse(envelope.data) });
      }
      return events;
    },
    count: (rows) => service.app.get(IngestionService, { strict: false }).ingest(batchesOf([[...rows]])),
    part: (type) => service.app.get(type, { strict: false }),
    async close() {
      await service.close();
      await bus.close();
      await issuer.close();
      await database.drop();
    },
  };
}
