import type { EngineOptions } from '../engine.ts';
import { keep } from './keep.ts';
import { resource, startEngine, type TestEngine } from './start-engine.ts';

/** A route for every path, and the one node that it leads to. */
export interface TestRoute {
  /** `host:port`. */
  readonly address: string;
  /** Default `http`. */
  readonly scheme?: string;
  /** What else the upstream says. */
  readonly upstream?: Record<string, unknown>;
  /** What else the route says. */
  readonly route?: Record<string, unknown>;
}

/** Starts an engine with the route `r1`, for as long as the test runs. */
export async function startRouteTo(
  { address, scheme = 'http', upstream = {}, route = {} }: TestRoute,
  options: Partial<EngineOptions> = {},
): Promise<TestEngine> {
  const value = { uri: '/*', ...route, upstream: { scheme, nodes: { [address]: 1 }, ...upstream } };
  return keep(startEngine({ policies: [], ...options }, { revision: [resource('route', 'r1', value)] }));
}
