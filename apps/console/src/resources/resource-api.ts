import type { components } from '@tollgate/client';
import { api, dataOf, ifMatch, type Page } from '@tollgate/ui';
import type { Resource, ResourceValue, TemplateReference } from './resource.ts';

export type { Resource, ResourceValue, TemplateReference } from './resource.ts';

/** Somebody who refers to what is deleted, and what becomes of them. */
export type Dependant = components['schemas']['ForcedDeletion']['dependants'][number];

/** What is written of a resource. */
export interface ResourceInput {
  readonly value: ResourceValue;
  readonly policyTemplate: TemplateReference | null;
  readonly workspaceId?: string;
}

/** Kinds that have pages here, as the segments of the API’s paths. */
export const resourceSegments = [
  'routes',
  'services',
  'upstreams',
  'stream-routes',
  'consumers',
  'consumer-groups',
  'global-policies',
] as const;
export type ResourceSegment = (typeof resourceSegments)[number];

/** Where the texts of a kind begin: `<prefix>.title`, `.text`, `.add`, `.search`, `.empty`, `.emptyText`. */
export const textsOf = {
  routes: 'apis.routes',
  services: 'apis.services',
  upstreams: 'apis.upstreams',
  'stream-routes': 'streamRoutes',
  consumers: 'consumers',
  'consumer-groups': 'consumerGroups',
  'global-policies': 'globalPolicies',
} as const satisfies Record<ResourceSegment, string>;

/** Kinds that take their policies from a template. */
const templated: readonly ResourceSegment[] = ['routes', 'services'];
/** Kinds that may be deleted although others refer to them. */
const forcible: readonly ResourceSegment[] = ['services', 'upstreams'];
/** Kinds whose deletion others can be in the way of: the server tells who before anything is deleted. */
const referredTo: readonly ResourceSegment[] = [...forcible, 'consumer-groups'];

/** Operation whose request body a form is made of. */
export const createOperations = {
  routes: 'createRoute',
  services: 'createService',
  upstreams: 'createUpstream',
  'stream-routes': 'createStreamRoute',
  consumers: 'createConsumer',
  'consumer-groups': 'createConsumerGroup',
  'global-policies': 'createGlobalPolicy',
} as const satisfies Record<ResourceSegment, string>;

/** What a list takes; empty filters are left out. */
export type ResourceFilters = Readonly<Record<string, string | number | undefined>>;

/** How a page of a list is asked for. */
export interface ResourcePage {
  readonly filters?: ResourceFilters;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
}

// All kinds have the same endpoints; the types of one stand for all.
const collectionOf = (segment: ResourceSegment) =>
  `/api/v1/gateway-groups/{groupId}/${segment}` as '/api/v1/gateway-groups/{groupId}/routes';
const itemOf = (segment: ResourceSegment) =>
  `/api/v1/gateway-groups/{groupId}/${segment}/{resourceId}` as '/api/v1/gateway-groups/{groupId}/upstreams/{resourceId}';

type RouteBody = NonNullable<Parameters<typeof api.POST<'/api/v1/gateway-groups/{groupId}/routes', never>>[1]>['body'];

/** Only some kinds know templates. */
function bodyOf(segment: ResourceSegment, input: ResourceInput): object {
  const { policyTemplate, ...others } = input;
  return templated.includes(segment) ? { ...others, policyTemplate } : others;
}

/** The endpoints of one kind of resource in one gateway group. */
export function resourceApi(segment: ResourceSegment, groupId: string) {
  return {
    canForce: forcible.includes(segment),
    isReferredTo: referredTo.includes(segment),
    list: ({ filters = {}, cursor, limit, signal }: ResourcePage): Promise<Page<Resource>> => {
      const chosen = Object.fromEntries(Object.entries(filters).filter(([, value]) => (value ?? '') !== ''));
      return dataOf(
        api.GET(collectionOf(segment), {
          // How many there are is told once, with the first page.
          params: { path: { groupId }, query: { ...chosen, limit, ...(cursor ? { cursor } : { withTotal: 'true' }) } },
          signal,
        }),
      );
    },
    get: (resourceId: string, signal: AbortSignal): Promise<Resource> =>
      dataOf(api.GET(itemOf(segment), { params: { path: { groupId, resourceId } }, signal })),
    create: (input: ResourceInput & { id?: string }, header: { 'idempotency-key': string }): Promise<Resource> =>
      dataOf(
        api.POST(collectionOf(segment), {
          params: { path: { groupId }, header },
          body: bodyOf(segment, input) as RouteBody,
        }),
      ),
    put: (present: Resource, input: ResourceInput): Promise<Resource> =>
      dataOf(
        api.PUT(itemOf(segment), {
          params: { path: { groupId, resourceId: present.id } },
          headers: ifMatch(present),
          body: bodyOf(segment, input) as { value: never },
        }),
      ),
    /**
     * Takes it out of the draft. With `force` those who refer to it are cut loose, which upstreams and services allow; `dryRun`, which kinds
     * that are referred to have, only tells.
     */
    remove: async (
      present: Resource,
      how: { force?: boolean; dryRun?: boolean } = {},
    ): Promise<readonly Dependant[]> => {
      const { data } = await api.DELETE(itemOf(segment), {
        params: {
          path: { groupId, resourceId: present.id },
          query: {
            ...(how.force ? { force: 'true' as const } : {}),
            ...(how.dryRun ? { dryRun: 'true' as const } : {}),
          },
          header: ifMatch(present),
        },
      });
      return data?.dependants ?? [];
    },
  };
}
