import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TollgateClient } from '@tollgate/client';

const tokenSeconds = 365 * 86_400;

/** Makes the operator's shared pool where there is none. */
async function ensureSharedPool(operator: TollgateClient): Promise<string> {
  const { data: pools } = await operator.GET('/api/v1/shared-pools');
  const known = pools?.items[0]?.id;
  if (known !== undefined) return known;
  const { data: pool } = await operator.POST('/api/v1/shared-pools', { body: { name: 'Shared gateways' } });
  if (pool === undefined) throw new Error('the shared pool was not made');
  return pool.id;
}

/** Leaves an enrolment token for the installation's own gateway in its folder, unless that gateway has enrolled before. */
export async function prepareSharedGateway(operator: TollgateClient, gatewayFolder: string): Promise<void> {
  const poolId = await ensureSharedPool(operator);
  const tokenFile = join(gatewayFolder, 'enrol.token');
  const isPrepared = await access(tokenFile).then(
    () => true,
    () => false,
  );
  if (isPrepared) return;
  const { data: token } = await operator.POST('/api/v1/shared-pools/{poolId}/enrolment-tokens', {
    params: { path: { poolId } },
    body: { name: 'gateway of this installation', reusable: false, expiresInSeconds: tokenSeconds },
  });
  if (token === undefined) throw new Error('the enrolment token was not made');
  await mkdir(gatewayFolder, { recursive: true });
  await writeFile(tokenFile, `${token.token}\n`, { mode: 0o600 });
}
