import { join } from 'node:path';
import type { TollgateClient } from '@tollgate/client';
import { tollgate } from '../support/command-line.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { poll } from '../support/poll.ts';
import type { GatewayGroup } from './admin.ts';
import { dataOf, type World } from './world.ts';

/** Enrols a data plane by the command line, starts it on free ports, and waits until the fleet shows `online` of the group's online. */
export async function bringUpGateway(
  world: World,
  admin: TollgateClient,
  group: GatewayGroup,
  { name, online }: { name: string; online: number } = { name: 'gateway', online: 1 },
): Promise<GatewayProcess> {
  const { log, folder } = world;
  const token = await log.step(
    'Make an enrolment token',
    `tollgate dp enrol --group ${group.name}`,
    async () =>
      JSON.parse(await tollgate(folder, ['dp', 'enrol', '--group', group.name, '-o', 'json'])) as {
        token: string;
        linkUrl: string;
        id: string;
      },
    ({ id }) => id,
  );
  const gateway = await log.step(
    'Start another gateway; it sends a certificate request and phones home over mutual TLS',
    'POST /link/v1/enrol, GET /link/v1/config',
    () => startGateway({ linkUrl: token.linkUrl, enrolToken: token.token, folder: join(folder, name) }),
    ({ httpUrl }) => httpUrl,
  );
  try {
    await log.step(
      'The fleet shows it',
      'GET /api/v1/data-planes, fed by the Redis Stream of heartbeats',
      () =>
        poll(
          `${online} of the group’s data planes are online`,
          async () => {
            const { items } = await dataOf(
              admin.GET('/api/v1/data-planes', { params: { query: { groupId: group.id } } }),
            );
            const shown = items.filter((item) => item.status === 'online');
            return shown.length >= online ? shown.at(-1) : undefined;
          },
          { withinMs: 30_000, everyMs: 50 },
        ),
      ({ id, status }) => `${id} ${status}`,
    );
  } catch (error) {
    await gateway.stop();
    throw error;
  }
  return gateway;
}

/** Waits until every data plane of the group acknowledged this revision. */
export async function acknowledged(admin: TollgateClient, groupId: string, revision: number): Promise<void> {
  await poll(
    `revision ${revision} is acknowledged`,
    async () => {
      const { items } = await dataOf(admin.GET('/api/v1/data-planes', { params: { query: { groupId } } }));
      const revisions = items.flatMap((item) =>
        item.groups.filter((entry) => entry.groupId === groupId).map((entry) => entry.revision),
      );
      return revisions.length > 0 && revisions.every((have) => have >= revision) ? true : undefined;
    },
    { withinMs: 20_000, everyMs: 20 },
  );
}
