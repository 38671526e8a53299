import type { components } from '@tollgate/client';

export type GatewayGroup = components['schemas']['GatewayGroup'];
export type DataPlane = components['schemas']['DataPlane'];

/** How a gateway group is, in a word: the worst that is true. */
export type GroupHealth = 'none' | 'failing' | 'attention' | 'healthy';

/** What a data plane made of the revision in force. `away` ones take it when they are back. */
export type RolloutState = 'live' | 'waiting' | 'refused' | 'away';

/** Data planes that may serve a group: those of its pool that are not revoked. */
export function planesOf(group: Pick<GatewayGroup, 'poolId'>, planes: readonly DataPlane[]): DataPlane[] {
  return planes.filter(({ poolId, revokedAt }) => poolId === group.poolId && revokedAt === null);
}

/** What a data plane has in force of a group; undefined before it has said so for the first time. */
export function inForceOn(plane: DataPlane, groupId: string): DataPlane['groups'][number] | undefined {
  return plane.groups.find((part) => part.groupId === groupId);
}

/** The refusal of a revision at or after `revision`, if that is why it is not in force. */
export function refusalOf(plane: DataPlane, groupId: string, revision: number) {
  const refusal = inForceOn(plane, groupId)?.refusal ?? null;
  return refusal !== null && refusal.sequence === 'revision' && refusal.position >= revision ? refusal : null;
}

/** Whether a data plane serves `revision` of a group, and if not, why. */
export function rolloutOf(plane: DataPlane, groupId: string, revision: number): RolloutState {
  if (plane.status === 'offline' || plane.status === 'unknown') return 'away';
  if ((inForceOn(plane, groupId)?.revision ?? 0) >= revision) return 'live';
  return refusalOf(plane, groupId, revision) === null ? 'waiting' : 'refused';
}

/** Figures of a group at a glance, over the data planes that may serve it. */
export interface GroupState {
  readonly health: GroupHealth;
  readonly total: number;
  readonly live: number;
  readonly refused: number;
  /** Data planes by their state. */
  readonly byStatus: ReadonlyMap<DataPlane['status'], number>;
}

/** What of a group's calls was answered with 500 to 599 of late. */
export interface RecentCalls {
  readonly calls: number;
  readonly failed: number;
}

/** A share of failed calls from which a group is failing, once there are enough calls to say so. */
const failingShare = 0.05;
const enoughCalls = 20;

/** Whether so many calls fail that somebody should look. */
export function isFailing({ calls, failed }: RecentCalls): boolean {
  return calls >= enoughCalls && failed / calls >= failingShare;
}

/** Judges a group by its data planes and, where they are known, by the calls of the last minutes. */
export function stateOf(group: GatewayGroup, planes: readonly DataPlane[], recent?: RecentCalls): GroupState {
  const own = planesOf(group, planes);
  const states = own.map((plane) => rolloutOf(plane, group.id, group.revision));
  const byStatus = new Map<DataPlane['status'], number>();
  for (const { status } of own) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  const live = states.filter((state) => state === 'live').length;
  const refused = states.filter((state) => state === 'refused').length;
  const isAllAway = own.length > 0 && states.every((state) => state === 'away');
  const isCalm = own.every(({ status }) => status === 'online') && live === own.length;
  const health = (): GroupHealth => {
    if (refused > 0 || isAllAway || (recent !== undefined && isFailing(recent))) return 'failing';
    if (own.length === 0) return 'none';
    return isCalm ? 'healthy' : 'attention';
  };
  return { health: health(), total: own.length, live, refused, byStatus };
}
