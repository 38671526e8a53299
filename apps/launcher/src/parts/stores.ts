import { startPostgres, startRedis } from '@tollgate/embedded';
import type { PostgresServer, RedisServer, Report } from '@tollgate/embedded';
import type { Part, PartDefinition } from '../supervisor/part.ts';

/** Embedded PostgreSQL; a restart keeps the port of the first start, which the services know. */
export function postgresPart(dataDir: string, report: Report): PartDefinition<PostgresServer & Part> {
  let port = 0;
  return {
    name: 'postgres',
    start: async () => {
      const server = await startPostgres({ dataDir, port, report });
      port = server.port;
      return { ...server, urls: { postgres: withoutPassword(server.url) } };
    },
  };
}

/** Embedded Redis; a restart keeps the port of the first start. */
export function redisPart(dataDir: string, report: Report): PartDefinition<RedisServer & Part> {
  let port = 0;
  return {
    name: 'redis',
    start: async () => {
      const server = await startRedis({ dataDir, port, report });
      port = server.port;
      return { ...server, urls: { redis: withoutPassword(server.url) } };
    },
  };
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}
