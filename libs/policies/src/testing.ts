import type { GatewayResource } from '@tollgate/contracts/gateway';
import type { EngineMetrics } from '@tollgate/engine';
import { resource, startEngine, startUpstream, type TestEngine } from '@tollgate/engine/testing';
import { policies } from './registry.ts';

/** What a policy test sets up: plugins of its one route, further resources, and the parts that it replaces. */
export interface PolicyTest {
  readonly plugins?: Record<string, unknown>;
  readonly route?: Record<string, unknown>;
  readonly revision?: readonly GatewayResource[];
  readonly access?: readonly GatewayResource[];
  readonly settings?: Record<string, unknown>;
  readonly metrics?: EngineMetrics;
  readonly clock?: () => number;
}

/** A gateway with every policy before an upstream that answers with what it was asked. */
export async function startGateway(test: PolicyTest): Promise<TestEngine> {
  const upstream = await startUpstream();
  const nodes = { [upstream.address]: 1 };
  const route = { uri: '/*', upstream: { nodes }, plugins: test.plugins ?? {}, ...test.route };
  const { metrics, clock } = test;
  const engine = await startEngine(
    { policies, ...(metrics === undefined ? {} : { metrics }), ...(clock === undefined ? {} : { clock }) },
    {
      settings: test.settings ?? {},
      revision: [resource('route', 'r1', route), ...(test.revision ?? [])],
      access: test.access ?? [],
    },
  );
  return {
    ...engine,
    stop: async () => {
      await engine.stop();
      await upstream.stop();
    },
  };
}
