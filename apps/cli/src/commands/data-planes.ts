import type { components } from '@tollgate/client';
import { connect, type CliContext, type GlobalOptions } from '../context.ts';
import { findGroup } from '../groups.ts';
import { type Column, renderObject, renderRows } from '../output.ts';

type DataPlane = components['schemas']['DataPlane'];

const columns: readonly Column<DataPlane>[] = [
  ['id', (row) => row.id],
  ['name', (row) => row.name],
  ['status', (row) => row.status],
  ['version', (row) => row.softwareVersion],
  ['revisions', (row) => row.groups.map((group) => group.revision).join(',')],
  ['last seen', (row) => row.lastSeenAt],
];

/** Makes an enrolment token for the pool of a group and prints how to start a data plane with it. */
export async function enrolDataPlane(
  context: CliContext,
  options: GlobalOptions & { group: string; name: string; reusable?: boolean; expires: number },
): Promise<void> {
  const client = await connect(context, options);
  const group = await findGroup(client, options.group);
  const { data: token } = await client.POST('/api/v1/pools/{poolId}/enrolment-tokens', {
    params: { path: { poolId: group.poolId } },
    body: { name: options.name, reusable: options.reusable ?? false, expiresInSeconds: options.expires },
  });
  if (token === undefined) return;
  if (options.output !== 'table') {
    context.out(renderObject(token, options.output));
    return;
  }
  context.note(
    `Start a data plane of ${group.name} with these variables. The token is not shown again and ends ${token.expiresAt}.\n`,
  );
  context.out(`TOLLGATE_LINK_URL=${token.linkUrl} TOLLGATE_ENROL_TOKEN=${token.token}\n`);
}

/** Data planes and what they have in force. */
export async function listDataPlanes(context: CliContext, options: GlobalOptions & { group?: string }): Promise<void> {
  const client = await connect(context, options);
  const groupId = options.group === undefined ? undefined : (await findGroup(client, options.group)).id;
  const rows: DataPlane[] = [];
  let cursor: string | undefined;
  do {
    const query = {
      limit: 200,
      ...(groupId === undefined ? {} : { groupId }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { data } = await client.GET('/api/v1/data-planes', { params: { query } });
    rows.push(...(data?.items ?? []));
    cursor = data?.nextCursor ?? undefined;
  } while (cursor !== undefined);
  context.out(
    renderRows(
      rows,
      columns,
      options.output,
      'No data planes. `tollgate dp enrol --group …` makes the command that starts one.',
    ),
  );
}
