import { randomBytes } from 'node:crypto';
import { newId } from '@tollgate/contracts';
import { gatewayGroupCreated, tenantCreated } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type {
  ApiProduct,
  Application,
  Developer,
  IssuedCredential,
  NewPlan,
  Plan,
  PortalSite,
  Subscription,
} from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { expect } from 'vitest';
import type { RunningPortal, SuiteRequest, SuiteResponse } from './start-portal.ts';

/** A signed-in developer of a suite. */
export interface SuiteDeveloper {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly authorization: string;
  /** A request below the site's address. */
  request<T>(path: string, request?: SuiteRequest): Promise<SuiteResponse<T>>;
}

/** A tenant with its portal site and a gateway group, as its admin drives it. */
export class PortalTenant {
  readonly tenantId = newId('tnt');
  readonly groupId = newId('grp');
  readonly slug = `site-${randomBytes(6).toString('hex')}`;
  readonly host = `${this.slug}.gateways.test`;

  private constructor(private readonly portal: RunningPortal) {}

  /** Tells the portal that the tenant and its group exist and waits for its site. The group has the route `orders` in force. */
  static async create(portal: RunningPortal): Promise<PortalTenant> {
    const tenant = new PortalTenant(portal);
    const { tenantId, groupId, slug, host } = tenant;
    portal.gatewayManager.setRoutes(groupId, [{ id: 'orders' }]);
    const envelope = { tenantId, aggregateVersion: 1 };
    await portal.publish(
      tenantCreated.create({
        ...envelope,
        subject: tenantId,
        data: { tenantId, slug, name: 'Acme', billingTimeZone: 'UTC' },
      }),
      gatewayGroupCreated.create({
        ...envelope,
        subject: groupId,
        data: { groupId, environmentId: newId('env'), name: 'main', hosts: [host] },
      }),
    );
    await eventually(() => tenant.site(), { withinMs: 10_000 });
    return tenant;
  }

  /** A request as an owner of the tenant. */
  async admin<T>(path: string, request: SuiteRequest = {}): Promise<SuiteResponse<T>> {
    return this.portal.request<T>(path, { authorization: await this.portal.console(this.tenantId), ...request });
  }

  async site(): Promise<PortalSite> {
    const { body } = await this.admin<Page<PortalSite>>('/api/v1/portal-sites');
    const [site] = body.items;
    if (site === undefined) throw new Error('the tenant has no site yet');
    return site;
  }

  /** A draft that sells the route `orders`. */
  async product(change: Partial<ApiProduct> = {}): Promise<ApiProduct> {
    const name = `Orders ${newId('prd')}`;
    const bindings = [{ groupId: this.groupId, routeIds: ['orders'] }];
    const body = { name, bindings, ...change };
    return this.#created(this.admin<ApiProduct>('/api/v1/api-products', { body }));
  }

  async plan(productId: string, change: Partial<NewPlan> = {}): Promise<Plan> {
    const limit = { calls: 100, windowSeconds: 60 };
    const body = { name: `Plan ${newId('pln')}`, limit, approval: 'automatic', ...change };
    return this.#created(this.admin<Plan>(`/api/v1/api-products/${productId}/plans`, { body }));
  }

  /** A published product with one plan. */
  async onSale(
    plan: Partial<NewPlan> = {},
    product: Partial<ApiProduct> = {},
  ): Promise<{ product: ApiProduct; plan: Plan }> {
    const draft = await this.product(product);
    const offered = await this.plan(draft.id, plan);
    const published = await this.admin<ApiProduct>(`/api/v1/api-products/${draft.id}/publish`, { method: 'POST' });
    expect(published.status).toBe(200);
    return { product: published.body, plan: offered };
  }

  /** A request below the site's address, as whoever is named. */
  visit<T>(path: string, request: SuiteRequest = {}): Promise<SuiteResponse<T>> {
    return this.portal.request<T>(`/api/v1/portal/${this.slug}${path}`, request);
  }

  /** Signs somebody up and in; `approved` by an admin unless told otherwise. */
  async developer({ approved = true }: { approved?: boolean } = {}): Promise<SuiteDeveloper> {
    const email = `${newId('dev')}@example.test`;
    const password = 'correct horse battery';
    const signUp = await this.visit('/sign-up', { body: { name: 'Dana', email, password } });
    expect(signUp.status).toBe(202);
    const { body } = await this.visit<{ token: string; developer: Developer }>('/log-in', {
      body: { email, password },
    });
    const { id } = body.developer;
    if (approved) await this.admin(`/api/v1/developers/${id}/approve`, { method: 'POST' });
    const authorization = `Bearer ${body.token}`;
    return {
      id,
      email,
      password,
      authorization,
      request: (path, request) => this.visit(path, { authorization, ...request }),
    };
  }

  /** An application subscribed to the plan, with a key. */
  async subscribed(
    developer: SuiteDeveloper,
    planId: string,
  ): Promise<{ application: Application; subscription: Subscription; credential: IssuedCredential }> {
    const name = `App ${newId('app')}`;
    const application = await this.#created(developer.request<Application>('/applications', { body: { name } }));
    const choice = { applicationId: application.id, planId };
    const subscription = await this.#created(developer.request<Subscription>('/subscriptions', { body: choice }));
    const path = `/subscriptions/${subscription.id}/credentials`;
    const credential = await this.#created(developer.request<IssuedCredential>(path, { body: {} }));
    return { application, subscription, credential };
  }

  async #created<T>(response: Promise<SuiteResponse<T>>): Promise<T> {
    const { status, body } = await response;
    expect(status, JSON.stringify(body)).toBe(201);
    return body;
  }
}
