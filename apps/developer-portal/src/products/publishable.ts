import type { ProductBinding } from '@tollgate/contracts/rest/portal';
import type { ErrorPlace } from '@tollgate/platform';
import type { RouteInForce } from './published-routes.ts';

/** What is known of a product when it is to be published. */
export interface PublishCandidate {
  bindings: readonly ProductBinding[];
  /** Plans that can be subscribed to. */
  offeredPlans: number;
  /** Whether one of its plans lets calls without a key through. */
  keyless: boolean;
  /** Routes in force per gateway group; null for a group that is not there. */
  routes: ReadonlyMap<string, readonly RouteInForce[] | null>;
}

/** Everything that keeps a product from being published; empty when nothing does. */
export function findObstacles(candidate: PublishCandidate): ErrorPlace[] {
  const obstacles: ErrorPlace[] = [];
  if (candidate.offeredPlans === 0) obstacles.push({ pointer: '/plans', message: 'The product has no plan on offer.' });
  if (candidate.bindings.length === 0) obstacles.push({ pointer: '/bindings', message: 'The product has no routes.' });
  for (const [index, binding] of candidate.bindings.entries()) {
    obstacles.push(...obstaclesOf(binding, `/bindings/${index}`, candidate));
  }
  return obstacles;
}

function obstaclesOf(binding: ProductBinding, pointer: string, { routes, keyless }: PublishCandidate): ErrorPlace[] {
  const inForce = routes.get(binding.groupId) ?? null;
  if (inForce === null) return [{ pointer: `${pointer}/groupId`, message: 'There is no such gateway group.' }];
  const byId = new Map(inForce.map((route) => [route.id, route]));
  return binding.routeIds.flatMap((id, index) => {
    const message = obstacleOf(byId.get(id), keyless);
    return message === null ? [] : [{ pointer: `${pointer}/routeIds/${index}`, message }];
  });
}

function obstacleOf(route: RouteInForce | undefined, keyless: boolean): string | null {
  if (route === undefined) return 'There is no such route in the published revision.';
  if (!route.authenticated && !keyless) return 'The route asks for no key, and no plan is keyless.';
  return null;
}
