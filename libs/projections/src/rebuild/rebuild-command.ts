import { parseArgs } from 'node:util';
import type { ServiceClient } from '@tollgate/auth';
import type { Endpoint, RebuildReport } from '@tollgate/contracts/rest';
import { rebuildAnalyticsProjections } from '@tollgate/contracts/rest/analytics';
import { rebuildGatewayManagerProjections } from '@tollgate/contracts/rest/gateway';
import { rebuildIamProjections, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { rebuildPortalProjections } from '@tollgate/contracts/rest/portal';
import { everyPage } from '../every-page.ts';

/** A tenant with very many objects takes its time. */
const timeoutMs = 600_000;

/** Owners before those who copy from them: what one puts right, the next one reads. What analytics puts right of quotas its events tell. */
const rebuilds = [
  rebuildGatewayManagerProjections,
  rebuildPortalProjections,
  rebuildIamProjections,
  rebuildAnalyticsProjections,
] as const;

const serviceNames: readonly string[] = rebuilds.map(({ service }) => service);

/** How the command is called. */
export const rebuildUsage = `rebuild [options]
  --tenant <id>     only this tenant; may be repeated. Default: all
  --service <name>  only projections of this service: ${serviceNames.join(', ')}; may be repeated

Compares what each service knows of others with its owners, puts right what differs and prints how much did.
Ends with 0 when nothing differed, 1 when something did, 2 when it could not run.
`;

/** The command was called in a way that it does not understand. */
export class RebuildUsageError extends Error {
  override readonly name = 'RebuildUsageError';
}

/**
 * Rebuilds all projections and prints, per projection, how many objects were checked and how many had drifted.
 * @param write takes what is to be printed.
 * @returns whether nothing had drifted.
 * @throws RebuildUsageError, and what the client throws.
 */
export async function runRebuildCommand(
  args: readonly string[],
  client: Pick<ServiceClient, 'call'>,
  write: (text: string) => void,
): Promise<boolean> {
  const { tenants, services } = readArguments(args);
  const chosen = rebuilds.filter(({ service }) => services === undefined || services.includes(service));
  const totals = new Map<string, { service: string; projection: string; checked: number; drift: number }>();
  let rebuilt = 0;
  for await (const tenantId of tenants ?? tenantsOf(client)) {
    rebuilt += 1;
    for (const endpoint of chosen) {
      const { projections } = await client.call(endpoint, { tenantId, timeoutMs });
      addTo(totals, endpoint, projections);
    }
  }
  const rows = [...totals.values()];
  const width = Math.max(...rows.map(({ service, projection }) => service.length + projection.length + 1), 0);
  for (const { service, projection, checked, drift } of rows)
    write(`${`${service} ${projection}`.padEnd(width)}  ${checked} checked, ${drift} drifted\n`);
  const drift = rows.reduce((sum, row) => sum + row.drift, 0);
  write(`${rebuilt} tenants, ${drift} drifted${drift === 0 ? '' : ' and put right'}\n`);
  return drift === 0;
}

async function* tenantsOf(client: Pick<ServiceClient, 'call'>): AsyncGenerator<string> {
  for await (const { tenantId } of everyPage((query) => client.call(snapshotTenants, { query }))) yield tenantId;
}

function addTo(
  totals: Map<string, { service: string; projection: string; checked: number; drift: number }>,
  { service }: Pick<Endpoint, 'service'>,
  projections: RebuildReport['projections'],
): void {
  for (const { projection, checked, drift } of projections) {
    const name = `${service} ${projection}`;
    const sum = totals.get(name) ?? { service, projection, checked: 0, drift: 0 };
    totals.set(name, { ...sum, checked: sum.checked + checked, drift: sum.drift + drift });
  }
}

function readArguments(args: readonly string[]): { tenants?: string[] | undefined; services?: string[] | undefined } {
  const { tenant: tenants, service: services } = parse(args);
  const unknown = services?.find((name) => !serviceNames.includes(name));
  if (unknown !== undefined) throw new RebuildUsageError(`${unknown} has no projections\n${rebuildUsage}`);
  const wrong = tenants?.find((id) => !/^tnt_[a-z0-9]+$/.test(id));
  if (wrong !== undefined) throw new RebuildUsageError(`${wrong} is no id of a tenant\n${rebuildUsage}`);
  return { tenants, services };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { tenant: { type: 'string', multiple: true }, service: { type: 'string', multiple: true } },
    }).values;
  } catch (cause) {
    throw new RebuildUsageError(rebuildUsage, { cause });
  }
}
