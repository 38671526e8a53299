import { apiStates } from './console-apis.ts';
import { emptyStates } from './console-empty.ts';
import { gatewayStates, policyStates, publishingStates } from './console-gateways.ts';
import { organisationStates } from './console-organisation.ts';
import { developerStates, productStates } from './console-products.ts';
import { shellStates } from './console-shell.ts';
import { portalEmptyStates, portalStates } from './portal.ts';
import type { State } from './state.ts';

/** Every state of both front-ends that is looked at, beside their pages as they stand. */
export const allStates: readonly State[] = [
  ...gatewayStates,
  ...publishingStates,
  ...policyStates,
  ...apiStates,
  ...productStates,
  ...developerStates,
  ...organisationStates,
  ...shellStates,
  ...emptyStates,
  ...portalEmptyStates,
  ...portalStates,
];
