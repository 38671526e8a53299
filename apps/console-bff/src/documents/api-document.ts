import '@tollgate/contracts/rest/analytics';
import '@tollgate/contracts/rest/console';
import '@tollgate/contracts/rest/gateway';
import '@tollgate/contracts/rest/iam';
import '@tollgate/contracts/rest/policy';
import '@tollgate/contracts/rest/portal';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { buildOpenApi } from '@tollgate/platform/openapi';

/** The one OpenAPI document of the whole platform, from every service's declarations. */
export function platformDocument(): ReturnType<typeof buildOpenApi> {
  return buildOpenApi(endpointCatalogue());
}
