import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';

const first = (rest: string) => (world: StatesWorld) => `/gateway-groups/${world.made.firstGroup}${rest}`;

/** Every list of somebody who has just come, and of somebody who has just begun. */
export const emptyStates: readonly State[] = statesIn('console', {
  'empty-overview': ['newcomer', '/'],
  'empty-gateway-groups': ['newcomer', '/gateway-groups', (at) => at.sees('gatewayGroups.empty.title')],
  'empty-projects': ['newcomer', '/projects', (at) => at.sees('projects.empty.title')],
  'empty-policy-templates': ['newcomer', '/policy-templates', (at) => at.sees('policies.templates.empty')],
  'empty-products': ['newcomer', '/products', (at) => at.sees('products.none')],
  'empty-approvals': ['newcomer', '/approvals', (at) => at.sees('approvals.none')],
  'empty-developers': ['newcomer', '/developers', (at) => at.sees('developers.none')],
  'empty-portal-site': ['newcomer', '/portal-site'],
  'empty-analytics': ['newcomer', '/analytics', (at) => at.sees('analytics.none')],
  'empty-billing': ['newcomer', '/billing', (at) => at.sees('billing.none')],
  'empty-members': ['newcomer', '/members'],
  'empty-tokens': ['newcomer', '/tokens', (at) => at.sees('tokens.noAccounts')],
  'empty-audit': ['newcomer', '/audit'],
  'beginner-overview': ['beginner', '/'],
  'beginner-gateway-group': ['beginner', first(''), (at) => at.sees('gatewayGroups.planes.empty')],
  'beginner-routes': ['beginner', first('/routes'), (at) => at.sees('apis.routes.empty')],
  'beginner-services': ['beginner', first('/services'), (at) => at.sees('apis.services.empty')],
  'beginner-upstreams': ['beginner', first('/upstreams'), (at) => at.sees('apis.upstreams.empty')],
  'beginner-stream-routes': ['beginner', first('/stream-routes'), (at) => at.sees('streamRoutes.empty')],
  'beginner-consumers': ['beginner', first('/consumers'), (at) => at.sees('consumers.empty')],
  'beginner-consumer-groups': ['beginner', first('/consumer-groups'), (at) => at.sees('consumerGroups.empty')],
  'beginner-global-policies': ['beginner', first('/global-policies'), (at) => at.sees('globalPolicies.empty')],
  'beginner-changes': ['beginner', first('/changes'), (at) => at.sees('changes.empty.title')],
  'beginner-revisions': ['beginner', first('/revisions')],
  'beginner-try': ['beginner', first('/try')],
  'beginner-product': ['beginner', ({ made }) => `/products/${made.firstProduct}`],
  'beginner-product-routes': ['beginner', ({ made }) => `/products/${made.firstProduct}/routes`],
  'beginner-product-subscriptions': ['beginner', ({ made }) => `/products/${made.firstProduct}/subscriptions`],
});
