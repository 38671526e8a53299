import { isObject } from '@tollgate/ui/values';
import { targetOf } from '../../resources/targets/target-value.ts';
import { nodesOf } from '../../resources/targets/upstream-value.ts';
import type { ResourceValue } from '../../resources/resource.ts';

/** How a gateway speaks to the servers of a stream; one that is left out takes TCP and UDP. */
export const schemes = ['tcp', 'tls', 'udp'] as const;

/** What a new stream route begins as: to one server over TCP. */
export const blankStreamRoute: ResourceValue = { upstream: { scheme: 'tcp', nodes: [{ host: '', weight: 1 }] } };

/** What a stream route needs and the schema does not say; its sentence is `streamRoutes.missing.<reason>`. */
export function findMissing(
  value: ResourceValue,
): { pointer: string; reason: 'target' | 'nodes' | 'ports' | 'udpNames' } | undefined {
  if (targetOf(value) === undefined) return { pointer: '/upstream', reason: 'target' };
  if (!isObject(value.upstream)) return undefined;
  const nodes = nodesOf(value.upstream);
  if (nodes.length === 0 || nodes.some(({ host }) => host === ''))
    return { pointer: '/upstream/nodes', reason: 'nodes' };
  if (nodes.some(({ port }) => port === undefined)) return { pointer: '/upstream/nodes', reason: 'ports' };
  const isNamed = value.sni !== undefined && value.upstream.scheme === 'udp';
  return isNamed ? { pointer: '/sni', reason: 'udpNames' } : undefined;
}
