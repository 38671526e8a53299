import type { z } from 'zod';
import { streamRouteSchema, type Upstream } from '../../gateway/index.ts';

/** How clients of a stream route are reached: over TCP (with or without TLS), or by datagrams. */
export type StreamTransport = 'tcp' | 'udp';

/** Why streams cannot go to an upstream. */
export interface StreamUpstreamFault {
  /** The field of the upstream that is wrong. */
  field: 'scheme' | 'nodes';
  message: string;
}

/** Schemes of upstreams that only streams can use. */
export const streamSchemes: readonly string[] = ['tcp', 'tls', 'udp'] satisfies Upstream['scheme'][];

/** Schemes of upstreams that streams can use; `http` is what stands where nothing was written. */
const schemesForStreams: readonly string[] = [...streamSchemes, 'http'];

/** What keeps streams from going to an upstream; null when nothing does. */
export function findStreamUpstreamFault({ scheme, nodes = [] }: Upstream): StreamUpstreamFault | null {
  if (!schemesForStreams.includes(scheme)) {
    return { field: 'scheme', message: `Streams need the scheme tcp, tls or udp, not ${scheme}.` };
  }
  const withoutPort = nodes.find(({ port }) => port === undefined);
  if (withoutPort === undefined) return null;
  return { field: 'nodes', message: `Streams need a port for each node; ${withoutPort.host} has none.` };
}

/** The transport that an upstream's scheme asks for; null where nothing was written, which takes both. */
export function streamTransportOf({ scheme }: Pick<Upstream, 'scheme'>): StreamTransport | null {
  if (scheme === 'udp') return 'udp';
  return scheme === 'tcp' || scheme === 'tls' ? 'tcp' : null;
}

/** Whether an upstream of the scheme is for streams, so that no route can use it. */
export function isStreamScheme(scheme: unknown): boolean {
  return typeof scheme === 'string' && streamSchemes.includes(scheme);
}

/** Refuses an upstream for streams inside a route or service: data planes make one for calls of it. */
export function refuseStreamUpstream(value: { upstream?: Upstream | undefined }, context: z.RefinementCtx): void {
  if (!isStreamScheme(value.upstream?.scheme)) return;
  const message = 'Upstreams for streams stand by themselves, and stream routes name them.';
  context.addIssue({ code: 'custom', path: ['upstream', 'scheme'], message });
}

/** Fields of APISIX's stream routes that no gateway of ours serves. */
const unservedFields = {
  plugins: 'Stream routes take no policies.',
  protocol: 'Streams are passed on as they are; there are no protocols.',
} as const;

function refuseUnserved(value: z.output<typeof streamRouteSchema>, context: z.RefinementCtx): void {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (Object.keys(value.plugins ?? {}).length > 0) refuse(['plugins'], unservedFields.plugins);
  if (value.protocol !== undefined) refuse(['protocol'], unservedFields.protocol);
  if (value.upstream === undefined) return;
  const fault = findStreamUpstreamFault(value.upstream);
  if (fault !== null) refuse(['upstream', fault.field], fault.message);
  if (value.sni !== undefined && value.upstream.scheme === 'udp') refuse(['sni'], 'UDP has no server names.');
}

/** A stream route that a gateway serves: APISIX's object without policies and protocols. */
export const servedStreamRouteSchema = streamRouteSchema.superRefine(refuseUnserved);
