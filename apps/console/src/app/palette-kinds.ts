import { api, dataOf } from '@tollgate/ui';
import { Contact, Package, Route, ServerCog, Shapes, Split } from '@lucide/vue';
import type { Component } from 'vue';
import type { Permission } from './session.ts';

/** How the palette asks for things of a kind. */
export interface PaletteAsk {
  /** Empty for kinds that belong to no group. */
  readonly groupId: string;
  /** Undefined asks for the first ones. */
  readonly search: string | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** What the server found. */
export interface PaletteAnswer {
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly hasMore: boolean;
}

/** Things that the palette looks for by the server. */
export interface PaletteKind {
  /** The noun of its list in the API: the first of its query keys, the name of its page and, as `nav.<list>`, its text. */
  readonly list: string;
  /** Name of the page of one, and of the parameter that names it. */
  readonly one: string;
  readonly idParam: string;
  /** What its list calls a search in the address. */
  readonly searchParam: string;
  readonly icon: Component;
  readonly permission: Permission;
  readonly inGroup: boolean;
  /** Shown before anything is typed. */
  readonly isShownFirst: boolean;
  readonly read: (ask: PaletteAsk) => Promise<PaletteAnswer>;
}

interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly name?: string;
    readonly value?: { readonly name?: string | undefined };
  }[];
  readonly nextCursor: string | null;
}

const answerOf = ({ items, nextCursor }: Listed): PaletteAnswer => ({
  items: items.map(({ id, name, value }) => ({ id, name: name ?? value?.name ?? id })),
  hasMore: nextCursor !== null,
});

const queryOf = ({ search, limit }: PaletteAsk): { limit: number; search?: string } => ({
  limit,
  ...(search === undefined ? {} : { search }),
});

type DraftList = 'services' | 'routes' | 'upstreams' | 'consumers';

/** What belongs to a gateway group; its lists are all asked for in the same way. */
function inGroup(list: DraftList, one: string, icon: Component, isShownFirst = false): PaletteKind {
  const path = `/api/v1/gateway-groups/{groupId}/${list}` as '/api/v1/gateway-groups/{groupId}/routes';
  return {
    list,
    one,
    idParam: 'resourceId',
    searchParam: 'q',
    icon,
    permission: 'config.read',
    inGroup: true,
    isShownFirst,
    read: async (ask) =>
      answerOf(
        await dataOf(
          api.GET(path, { params: { path: { groupId: ask.groupId }, query: queryOf(ask) }, signal: ask.signal }),
        ),
      ),
  };
}

/** In the order in which they are shown. */
export const paletteKinds: readonly PaletteKind[] = [
  {
    list: 'gateway-groups',
    one: 'gateway-group',
    idParam: 'groupId',
    searchParam: 'q',
    icon: ServerCog,
    permission: 'gateways.read',
    inGroup: false,
    isShownFirst: true,
    read: async (ask) =>
      answerOf(
        await dataOf(api.GET('/api/v1/gateway-groups', { params: { query: queryOf(ask) }, signal: ask.signal })),
      ),
  },
  inGroup('services', 'service', Shapes, true),
  inGroup('routes', 'route', Route, true),
  inGroup('upstreams', 'upstream', Split),
  inGroup('consumers', 'consumer', Contact),
  {
    list: 'products',
    one: 'product',
    idParam: 'productId',
    searchParam: 'search',
    icon: Package,
    permission: 'portal.read',
    inGroup: false,
    isShownFirst: true,
    read: async (ask) =>
      answerOf(await dataOf(api.GET('/api/v1/api-products', { params: { query: queryOf(ask) }, signal: ask.signal }))),
  },
];
