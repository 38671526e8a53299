import { newId } from '@tollgate/contracts';
import type { Endpoint } from '@tollgate/contracts/rest';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { ENDPOINT_METADATA } from '@tollgate/platform';
import { buildOpenApi, checkApiRules } from '@tollgate/platform/openapi';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { developerPortalControllers } from './index.ts';
import { samplePng } from './testing/sample-png.ts';
import { sampleReference } from './testing/sample-reference.ts';
import { PortalTenant, type SuiteDeveloper } from './testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from './testing/start-portal.ts';

interface Problem {
  code: string;
  detail?: string;
}

/** A tenant with one of everything. */
interface Owner {
  tenant: PortalTenant;
  developer: SuiteDeveloper;
  ids: Record<string, string>;
}

const endpoints = endpointCatalogue().filter(({ service }) => service === 'developer-portal');
const closed = endpoints.filter(({ access }) => access.kind !== 'public');
const named = (list: Endpoint[]): [string, Endpoint][] => list.map((endpoint) => [endpoint.operationId, endpoint]);
const ofConsole = named(closed.filter(({ access }) => access.kind === 'permission'));
const ofDevelopers = named(closed.filter(({ access }) => access.kind === 'developer'));
const ofServices = named(closed.filter(({ access }) => access.kind === 'service'));
/** Operators are of no tenant: to everybody else their endpoints answer 403. */
const isOfOperators = ([, { access }]: [string, Endpoint]): boolean =>
  access.kind === 'permission' && access.permission.startsWith('operator.');
const withId = ([, { path }]: [string, Endpoint]): boolean => /\{(?!siteSlug)/.test(path);

/** Bodies that pass the schema of an endpoint that needs more than an empty one. */
const bodies: Record<string, (ids: Record<string, string>) => unknown> = {
  createApiProduct: () => ({ name: 'Stolen' }),
  createPlan: () => ({ name: 'Stolen' }),
  createMyApplication: () => ({ name: 'Stolen' }),
  createMySubscription: ({ applicationId, planId }) => ({ applicationId, planId }),
  changeMyPlan: ({ planId }) => ({ planId }),
  putProductReference: () => ({ document: JSON.stringify(sampleReference) }),
  putPortalSiteLogo: () => ({ image: samplePng }),
  putProductGuides: () => ({ guides: [] }),
  createPortalTryRequest: ({ subscriptionId }) => ({ request: {}, subscriptionId }),
};

/** Queries of endpoints that need one. */
const usageQuery = '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';
const queries: Record<string, string> = { getMySubscriptionUsage: usageQuery, getMyApplicationUsage: usageQuery };

let portal: RunningPortal;
let owner: Owner;
let stranger: Owner;
let neighbour: SuiteDeveloper;

async function createOwner(): Promise<Owner> {
  const tenant = await PortalTenant.create(portal);
  const { product, plan } = await tenant.onSale();
  const developer = await tenant.developer();
  const { application, subscription, credential } = await tenant.subscribed(developer, plan.id);
  const ids = {
    siteSlug: tenant.slug,
    siteId: (await tenant.site()).id,
    productId: product.id,
    planId: plan.id,
    developerId: developer.id,
    applicationId: application.id,
    subscriptionId: subscription.id,
    credentialId: credential.id,
  };
  return { tenant, developer, ids };
}

/** Calls an endpoint about the objects named, with a body and headers that pass. */
function call(endpoint: Endpoint, ids: Record<string, string>, authorization?: string) {
  const path = endpoint.path.replaceAll(/\{([^}]+)\}/g, (_match, name: string) => ids[name] ?? name);
  const body = endpoint.body === undefined ? {} : { body: bodies[endpoint.operationId]?.(ids) ?? {} };
  const headers = { 'if-match': '"1"' };
  return portal.request<Problem>(path + (queries[endpoint.operationId] ?? ''), {
    method: endpoint.method,
    ...body,
    authorization,
    headers,
  });
}

/** The same ids, of things that never existed. */
function unknownIds(ids: Record<string, string>): Record<string, string> {
  const prefixes = ['site', 'prd', 'pln', 'dev', 'app', 'sub', 'crd'] as const;
  const fresh = (id: string): string => {
    const prefix = prefixes.find((candidate) => id.startsWith(`${candidate}_`));
    return prefix === undefined ? id : newId(prefix);
  };
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, fresh(id)]));
}

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 11 });
  owner = await createOwner();
  stranger = await createOwner();
  neighbour = await owner.tenant.developer();
});
afterAll(() => portal.close());

describe('the contract', () => {
  it('is implemented to the last endpoint, and nothing else is', () => {
    const implemented = developerPortalControllers.flatMap(({ prototype }) =>
      Object.values(Object.getOwnPropertyDescriptors(prototype))
        .map(({ value }) => Reflect.getMetadata(ENDPOINT_METADATA, value as object) as Endpoint | undefined)
        .flatMap((endpoint) => endpoint?.operationId ?? []),
    );
    expect(implemented.sort()).toEqual(endpoints.map(({ operationId }) => operationId).sort());
  });
});

describe('the public part of the contract', () => {
  it('keeps the rules of the public API', () => {
    const documented = endpoints.filter(({ access }) => access.kind !== 'service');
    expect(checkApiRules(buildOpenApi(documented))).toEqual([]);
  });
});

describe('without a credential, or with one of another realm', () => {
  it.each(named(closed))('%s answers 401', async (_name, endpoint) => {
    expect((await call(endpoint, owner.ids)).status).toBe(401);
    expect((await call(endpoint, owner.ids, 'Bearer nonsense')).status).toBe(401);
  });

  it.each(ofConsole)('%s refuses a developer and a service', async (_name, endpoint) => {
    expect((await call(endpoint, owner.ids, owner.developer.authorization)).status).toBe(401);
    const service = await portal.service(owner.tenant.tenantId);
    expect((await call(endpoint, owner.ids, service)).status).toBe(401);
  });

  it.each([...ofDevelopers, ...ofServices])('%s refuses an admin of the tenant', async (_name, endpoint) => {
    const admin = await portal.console(owner.tenant.tenantId);
    expect((await call(endpoint, owner.ids, admin)).status).toBe(401);
  });

  it.each(ofServices)('%s refuses a developer', async (_name, endpoint) => {
    expect((await call(endpoint, owner.ids, owner.developer.authorization)).status).toBe(401);
  });
});

describe('without the permission', () => {
  it.each(ofConsole)('%s answers 403', async (_name, endpoint) => {
    const powerless = await portal.console(owner.tenant.tenantId, []);
    expect(await call(endpoint, owner.ids, powerless)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });
});

describe('to the owner of a tenant', () => {
  it.each(ofConsole.filter(isOfOperators))('%s, for operators, answers 403', async (_name, endpoint) => {
    const admin = await portal.console(owner.tenant.tenantId);
    expect((await call(endpoint, owner.ids, admin)).status).toBe(403);
  });
});

describe('the objects of others are answered exactly like those that never existed', () => {
  const comparable = ({ status, body: { code, detail } }: { status: number; body: Problem }) => ({
    status,
    code,
    detail,
  });

  it.each(ofConsole.filter((each) => withId(each) && !isOfOperators(each)))(
    '%s, to the admin of another tenant',
    async (_name, endpoint) => {
      const admin = await portal.console(stranger.tenant.tenantId);
      const foreign = comparable(await call(endpoint, owner.ids, admin));
      expect(foreign).toEqual(comparable(await call(endpoint, unknownIds(owner.ids), admin)));
      expect(foreign.status).toBe(404);
    },
  );

  it.each(ofDevelopers.filter(withId))('%s, to another developer of the site', async (_name, endpoint) => {
    const foreign = comparable(await call(endpoint, owner.ids, neighbour.authorization));
    expect(foreign).toEqual(comparable(await call(endpoint, unknownIds(owner.ids), neighbour.authorization)));
    expect(foreign.status).toBe(404);
  });

  it.each(ofDevelopers)('%s, to a developer of another site', async (_name, endpoint) => {
    const { authorization } = stranger.developer;
    const foreign = comparable(await call(endpoint, owner.ids, authorization));
    const unknown = { ...unknownIds(owner.ids), siteSlug: 'no-such-site' };
    expect(foreign).toEqual(comparable(await call(endpoint, unknown, authorization)));
    expect(foreign.status).toBe(404);
  });

  it('lists hold one’s own only', async () => {
    const paths = ['api-products', 'portal-sites', 'developers', 'applications', 'subscriptions', 'approvals'];
    for (const path of paths) {
      const { status, body } = await stranger.tenant.admin(`/api/v1/${path}`);
      expect(status).toBe(200);
      for (const id of Object.values(owner.ids)) expect(JSON.stringify(body)).not.toContain(id);
    }
    for (const path of ['/applications', '/subscriptions']) {
      expect((await neighbour.request(path)).body).toEqual({ items: [], nextCursor: null });
    }
  });
});

describe('nothing was changed by whoever was refused', () => {
  it('the owner finds everything as it was', async () => {
    const { tenant, developer, ids } = owner;
    expect((await tenant.admin(`/api/v1/api-products/${ids['productId']}`)).body).toMatchObject({ state: 'published' });
    expect((await tenant.admin(`/api/v1/developers/${ids['developerId']}`)).body).toMatchObject({ state: 'approved' });
    const path = `/subscriptions/${ids['subscriptionId']}`;
    expect((await developer.request(path)).body).toMatchObject({ state: 'approved' });
    expect((await developer.request(`${path}/credentials`)).body).toMatchObject({ items: [{ state: 'active' }] });
  });
});
