import { TollgateError } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';

/** Kinds of gateway resources that the first call is made of. */
type Kind = 'upstreams' | 'services' | 'routes';

/** What is there already is only replaced by whoever names the version that is replaced. */
const preconditionRequired = 428;

/** Creates a resource of the draft, or replaces the version that is there, so that trying again after a failure half-way is safe. */
export async function putResource(
  kind: Kind,
  { groupId, id, value }: { groupId: string; id: string; value: Record<string, unknown> },
): Promise<void> {
  const path =
    `/api/v1/gateway-groups/{groupId}/${kind}/{resourceId}` as '/api/v1/gateway-groups/{groupId}/routes/{resourceId}';
  const params = { path: { groupId, resourceId: id } };
  try {
    await api.PUT(path, { params, body: { value } });
  } catch (error) {
    if (!(error instanceof TollgateError) || error.status !== preconditionRequired) throw error;
    const { version } = await dataOf(api.GET(path, { params }));
    await api.PUT(path, { params, body: { value }, headers: { 'If-Match': `"${version}"` } });
  }
}
