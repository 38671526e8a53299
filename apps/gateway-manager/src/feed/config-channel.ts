import type { Sequence } from '@tollgate/contracts/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { z } from 'zod';

/** PostgreSQL channel on which instances of this service tell each other what they committed. */
export const configChannel = 'tollgate_gateway_config';

/** What travels on the channel: ids only. */
const configNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('group'), groupId: z.string(), sequence: z.enum(['revision', 'access']) }),
  z.object({ kind: z.literal('pool'), poolId: z.string() }),
]);
export type ConfigNotice = z.output<typeof configNotice>;

/** Tells every instance, when the unit commits, that a sequence of a group has moved. */
export async function announceSequence(unit: UnitOfWork, groupId: string, sequence: Sequence): Promise<void> {
  await announce(unit, { kind: 'group', groupId, sequence });
}

/** Tells every instance, when the unit commits, that a group joined or left a pool. */
export async function announcePool(unit: UnitOfWork, poolId: string): Promise<void> {
  await announce(unit, { kind: 'pool', poolId });
}

async function announce({ manager }: UnitOfWork, notice: ConfigNotice): Promise<void> {
  await manager.query('select pg_notify($1, $2)', [configChannel, JSON.stringify(notice)]);
}

/** The notice in a payload; null for what is none of ours. */
export function readNotice(payload: string | undefined): ConfigNotice | null {
  try {
    return configNotice.parse(JSON.parse(payload ?? ''));
  } catch {
    return null;
  }
}
