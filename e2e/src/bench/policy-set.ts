import type { StandAloneFileInput } from '@tollgate/contracts/gateway';
import { type BenchRequest, scattered } from './load/requests.ts';

const routeCount = 1_000;
const keyCount = 10_000;
/** Nobody reaches it: every answer of a bench is a 200. */
const limit = { count: 1_000_000_000, time_window: 3600 };

const keyOf = (number: number): string => `bench-key-${String(number).padStart(5, '0')}`;

type GroupInput = Pick<StandAloneFileInput['groups'][number], 'routes' | 'consumers'>;

/** One set of policies, as the gateway is told and as requests meet it. */
export interface PolicySet {
  readonly group: GroupInput;
  readonly requests: readonly BenchRequest[];
  /** For the peer that does the same in Lua. */
  readonly lua: { readonly routes: number; readonly keys: number; readonly count: number; readonly window: number };
}

/** 1,000 routes and 10,000 keys: `key-auth`, `limit-count` by consumer, `prometheus`. Every request has another key and route. */
export const keyedRoutes: PolicySet = {
  group: {
    routes: Array.from({ length: routeCount }, (_, index) => ({
      id: `r${index}`,
      uri: `/r${index}/*`,
      upstream_id: 'backend',
      plugins: {
        'key-auth': {},
        'limit-count': { ...limit, key_type: 'var', key: 'consumer_name' },
        prometheus: {},
      },
    })),
    consumers: Array.from({ length: keyCount }, (_, index) => ({
      username: `c${index}`,
      credentials: [{ id: 'key', plugins: { 'key-auth': { key: keyOf(index) } } }],
    })),
  },
  requests: scattered(keyCount).map((number) => ({
    path: `/r${number % routeCount}/items`,
    headers: { apikey: keyOf(number) },
  })),
  lua: { routes: routeCount, keys: keyCount, count: limit.count, window: limit.time_window },
};

/** One route to one upstream: `limit-count` by address and `prometheus`. */
export const oneUpstream: PolicySet = {
  group: {
    routes: [
      { id: 'r0', uri: '/r0/*', upstream_id: 'backend', plugins: { 'limit-count': { ...limit }, prometheus: {} } },
    ],
  },
  requests: [{ path: '/r0/items' }],
  lua: { routes: 1, keys: 0, count: limit.count, window: limit.time_window },
};

/** The request that tells whether a target of this set is ready. */
export function probeOf({ requests }: PolicySet): BenchRequest {
  const [first] = requests;
  if (first === undefined) throw new Error('a policy set without requests');
  return first;
}
