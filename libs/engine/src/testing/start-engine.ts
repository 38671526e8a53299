import type { GatewayResource, Sequence } from '@tollgate/contracts/gateway';
import { createEngine, type Engine, type EngineOptions } from '../engine.ts';

/** A group for a test: shorthand for resources whose `id` stands beside the value. */
export interface TestGroup {
  readonly id?: string;
  readonly hosts?: readonly string[];
  readonly settings?: Record<string, unknown>;
  readonly revision?: readonly GatewayResource[];
  readonly access?: readonly GatewayResource[];
}

/** An engine that listens on a free loopback port. */
export interface TestEngine {
  readonly engine: Engine;
  readonly port: number;
  /** Applies a delta and throws with the faults when it is refused. */
  apply(sequence: Sequence, put: readonly GatewayResource[], remove?: readonly GatewayResource[]): void;
  stop(): Promise<void>;
}

/** Both ways to do TCP; what is true of connections must be true on each. */
export const socketKinds = ['raw', 'net'] as const;

/** The group that {@link startEngine} makes when a test names none. */
export const testGroupId = 'g1';
export const testHost = 'api.test';

/** A resource in one line. */
export function resource(kind: GatewayResource['kind'], id: string, value: Record<string, unknown>): GatewayResource {
  return { kind, id, value };
}

/** Starts an engine with real sockets for one or more groups. Whoever starts it stops it. */
export async function startEngine(
  options: EngineOptions,
  ...groups: readonly [TestGroup, ...TestGroup[]]
): Promise<TestEngine> {
  const engine = await createEngine(options);
  for (const group of groups) {
    const groupId = group.id ?? testGroupId;
    const settings = { tenantId: `tenant-of-${groupId}`, hosts: group.hosts ?? [testHost], ...group.settings };
    applyOrThrow(engine, groupId, 'revision', {
      put: [resource('group_settings', 'settings', settings), ...(group.revision ?? [])],
    });
    applyOrThrow(engine, groupId, 'access', { put: group.access ?? [] });
  }
  const { port } = await engine.listenHttp({ port: 0 });
  return {
    engine,
    port,
    apply: (sequence, put, remove = []) =>
      applyOrThrow(engine, groups[0].id ?? testGroupId, sequence, { put, delete: remove }),
    stop: () => engine.close({ withinMs: 0 }),
  };
}

function applyOrThrow(
  engine: Engine,
  groupId: string,
  sequence: Sequence,
  delta: Parameters<Engine['apply']>[2],
): void {
  const result = engine.apply(groupId, sequence, delta);
  if (!result.ok) throw new Error(`${result.reason}: ${JSON.stringify(result.faults)}`);
}
