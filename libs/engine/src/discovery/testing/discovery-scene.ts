import { eventually } from '@tollgate/testing';
import { expect } from 'vitest';
import type { EngineOptions } from '../../engine.ts';
import { silentMetrics } from '../../metrics.ts';
import { resource, send, startEngine, startUpstream } from '../../testing/index.ts';
import type { TestEngine, TestInstance, TestUpstream } from '../../testing/index.ts';
import { keep } from '../../testing/keep.ts';
import type { DiscoveryState } from '../service-watch.ts';

/** An engine, and all that discovery has told in it. */
export interface DiscoveringEngine extends TestEngine {
  readonly heard: DiscoveryState[];
}

/** Starts nodes that remember what reached them. */
export async function startNodes(count: number): Promise<(TestUpstream & TestInstance)[]> {
  const nodes = [];
  for (let index = 0; index < count; index++) {
    nodes.push({ ...(await keep(startUpstream())), address: '127.0.0.1' });
  }
  return nodes;
}

/** Starts an engine with one route, whose nodes are discovered, and hears what discovery says. */
export async function serve(
  upstream: { readonly discovery_type: string; readonly service_name: string },
  options: Partial<EngineOptions>,
): Promise<DiscoveringEngine> {
  const heard: DiscoveryState[] = [];
  const metrics = { ...silentMetrics, discovery: (state: DiscoveryState) => void heard.push(state) };
  const engine = await keep(
    startEngine({ policies: [], metrics, ...options }, { revision: [resource('route', 'r', { uri: '/*', upstream })] }),
  );
  return { ...engine, heard };
}

/** The ports that calls reach. */
export async function reached(engine: TestEngine, nodes: readonly TestUpstream[]): Promise<number[]> {
  const before = nodes.map(({ requests }) => requests.length);
  for (let index = 0; index < nodes.length * 2; index++) await send(engine.port, '/');
  return nodes.filter(({ requests }, index) => requests.length > before[index]!).map(({ port }) => port);
}

/** Waits until calls reach these nodes and no others. */
export async function untilReached(
  engine: TestEngine,
  nodes: readonly TestUpstream[],
  expected: readonly TestUpstream[],
): Promise<void> {
  const ports = expected.map(({ port }) => port);
  await eventually(async () => expect(await reached(engine, nodes)).toEqual(ports), { withinMs: 5000 });
}

/** The services that discovery has trouble with. */
export const troubles = ({ engine }: TestEngine) => engine.status().discovery.troubled;
