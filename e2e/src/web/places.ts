import type { DemoWorld } from './demo-world.ts';
import type { Seat } from './states/seat.ts';

/**
 * Who looks. The first three are the demo tenant’s. There as well: the `viewer`, who may only read, the `leaver`, whose session ends, the
 * `starter`, a developer without an application, and the `applicant`, who waits to be let in. The `newcomer` has an organisation with nothing
 * in it, the `beginner` one with what the first steps make.
 */
export type Visitor =
  'nobody' | 'admin' | 'developer' | 'viewer' | 'leaver' | 'newcomer' | 'beginner' | 'starter' | 'applicant';

/** A page that everybody's checks visit. */
export interface Place {
  /** Also the name of its screenshot. */
  readonly name: string;
  readonly app: 'console' | 'portal';
  readonly visitor: Visitor;
  readonly path: string;
  /** What is done there before it is looked at. */
  readonly steps?: (at: Seat) => Promise<void>;
  /** Answers that are wanted there: what the browser says about them is no trouble. */
  readonly statuses?: readonly number[];
}

/** Every page of both front-ends, with real data of the demo tenant in it. */
export function placesOf({ ids, siteSlug }: DemoWorld): Place[] {
  const group = `/gateway-groups/${ids.group}`;
  const site = `/${siteSlug}`;
  const consolePlaces: Record<string, [Visitor, string]> = {
    design: ['nobody', '/design'],
    'log-in': ['nobody', '/log-in'],
    'sign-up': ['nobody', '/sign-up'],
    'forgot-password': ['nobody', '/forgot-password'],
    'reset-password': ['nobody', '/reset-password#token=none'],
    'accept-invitation': ['nobody', '/accept-invitation#token=none'],
    overview: ['admin', '/'],
    'gateway-groups': ['admin', '/gateway-groups'],
    'gateway-group': ['admin', group],
    'gateway-group-workspaces': ['admin', `${group}/workspaces`],
    'gateway-group-settings': ['admin', `${group}/settings`],
    projects: ['admin', '/projects'],
    changes: ['admin', `${group}/changes`],
    revisions: ['admin', `${group}/revisions`],
    revision: ['admin', `${group}/revisions/${ids.revision}`],
    routes: ['admin', `${group}/routes`],
    route: ['admin', `${group}/routes/${ids.route}`],
    services: ['admin', `${group}/services`],
    service: ['admin', `${group}/services/${ids.service}`],
    upstreams: ['admin', `${group}/upstreams`],
    upstream: ['admin', `${group}/upstreams/${ids.upstream}`],
    'stream-routes': ['admin', `${group}/stream-routes`],
    'stream-route-new': ['admin', `${group}/stream-routes/~new`],
    consumers: ['admin', `${group}/consumers`],
    consumer: ['admin', `${group}/consumers/${ids.consumer}`],
    'consumer-new': ['admin', `${group}/consumers/~new`],
    'consumer-groups': ['admin', `${group}/consumer-groups`],
    'consumer-group': ['admin', `${group}/consumer-groups/${ids.consumerGroup}`],
    'global-policies': ['admin', `${group}/global-policies`],
    'global-policy': ['admin', `${group}/global-policies/${ids.globalPolicy}`],
    import: ['admin', `${group}/import`],
    try: ['admin', `${group}/try`],
    'policy-templates': ['admin', '/policy-templates'],
    ...(ids.template === undefined
      ? {}
      : { 'policy-template': ['admin', `/policy-templates/${ids.template}`] satisfies [Visitor, string] }),
    'policy-catalogue': ['admin', '/policy-catalogue'],
    'policy-type': ['admin', '/policy-catalogue/key-auth'],
    products: ['admin', '/products'],
    product: ['admin', `/products/${ids.product}`],
    approvals: ['admin', '/approvals'],
    developers: ['admin', '/developers'],
    developer: ['admin', `/developers/${ids.developer}`],
    'portal-site': ['admin', '/portal-site'],
    analytics: ['admin', '/analytics'],
    billing: ['admin', '/billing'],
    members: ['admin', '/members'],
    tokens: ['admin', '/tokens'],
    audit: ['admin', '/audit'],
    settings: ['admin', '/settings'],
    account: ['admin', '/account'],
    'not-found': ['admin', '/no/such/page'],
  };
  const portalPlaces: Record<string, [Visitor, string]> = {
    home: ['nobody', '/'],
    catalogue: ['nobody', site],
    product: ['nobody', `${site}/products/${ids.product}`],
    reference: ['nobody', `${site}/products/${ids.product}/reference`],
    'sign-up': ['nobody', `${site}/sign-up`],
    'log-in': ['nobody', `${site}/log-in`],
    'forgot-password': ['nobody', `${site}/forgot-password`],
    'reset-password': ['nobody', `${site}/reset-password#token=none`],
    'confirm-mail': ['nobody', `${site}/confirm-mail#token=none`],
    try: ['developer', `${site}/products/${ids.product}/try`],
    applications: ['developer', `${site}/applications`],
    application: ['developer', `${site}/applications/${ids.application}`],
    subscription: ['developer', `${site}/subscriptions/${ids.subscription}`],
    account: ['developer', `${site}/account`],
    'not-found': ['nobody', `${site}/no/such/page`],
  };
  return [...placesIn('console', consolePlaces), ...placesIn('portal', portalPlaces)];
}

function placesIn(app: Place['app'], places: Record<string, [Visitor, string]>): Place[] {
  return Object.entries(places).map(([name, [visitor, path]]) => ({ name: `${app}-${name}`, app, visitor, path }));
}
