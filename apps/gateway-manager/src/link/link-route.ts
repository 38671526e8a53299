import type { linkPaths } from '@tollgate/contracts/dataplane';
import type { LinkExchange, LinkPeer } from './link-request.ts';

/** Name of a path of the link; also selects its body limit. */
export type LinkPathName = keyof typeof linkPaths;

/** JSON to answer with; without a body the answer is empty. */
export interface LinkAnswer {
  readonly status: number;
  readonly body?: unknown;
}

interface RouteOf<Peer> {
  readonly method: 'GET' | 'POST';
  readonly path: LinkPathName;
  /** Resolves to the answer, or to nothing when the route writes the response itself. */
  handle(exchange: LinkExchange, peer: Peer): Promise<LinkAnswer | undefined>;
}

/** One door of the link: open to anybody (and limited tightly by address), or to data planes with a certificate. */
export type LinkRoute =
  ({ readonly access: 'open' } & RouteOf<undefined>) | ({ readonly access: 'certificate' } & RouteOf<LinkPeer>);

/** A provider that answers some of the link's paths. */
export interface LinkRoutes {
  readonly routes: readonly LinkRoute[];
}
