import { type GatewayResource, groupSettingsId, standAloneTenantId } from '@tollgate/contracts/gateway';
import { type BenchRequest, benchHost, scattered } from '../load/requests.ts';

/** The most routes of the bench. */
export const manyRoutes = 100_000;

const pathOf = (number: number): string => `/api/v1/r${String(number).padStart(6, '0')}`;

/** A route as it stands in a file. */
export function routeOf(number: number): { id: string; uri: string; upstream_id: string } {
  return { id: `r${number}`, uri: `${pathOf(number)}/*`, upstream_id: 'backend' };
}

/** That many routes to one upstream. */
export function routesOf(count: number): ReturnType<typeof routeOf>[] {
  return Array.from({ length: count }, (_, index) => routeOf(index));
}

/** The same as prefixes of locations. */
export function prefixesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${pathOf(index)}/`);
}

/** A request for each of the routes, scattered. */
export function requestsFor(count: number): BenchRequest[] {
  return scattered(count).map((number) => ({ path: `${pathOf(number)}/items` }));
}

/** The upstream of all routes, as it travels to a data plane. */
export function upstreamOf(port: number): GatewayResource {
  return { kind: 'upstream', id: 'backend', value: { nodes: { [`127.0.0.1:${port}`]: 1 } } };
}

/** The same routes as they travel to a data plane. */
export function resourcesOf(count: number, upstreamPort: number): GatewayResource[] {
  return [
    { kind: 'group_settings', id: groupSettingsId, value: { tenantId: standAloneTenantId, hosts: [benchHost] } },
    upstreamOf(upstreamPort),
    ...routesOf(count).map(asResource),
  ];
}

/** One route as it travels. */
export function asResource({ id, ...value }: ReturnType<typeof routeOf>): GatewayResource {
  return { kind: 'route', id, value };
}
