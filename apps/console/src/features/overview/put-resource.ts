import { api } from '@tollgate/ui';

/** Kinds of gateway resources that the first call is made of. */
type Kind = 'upstreams' | 'services' | 'routes';

/** Creates a resource of the draft, or replaces the version that is there, so that trying again after a failure half-way is safe. */
export async function putResource(
  kind: Kind,
  { groupId, id, value }: { groupId: string; id: string; value: Record<string, unknown> },
): Promise<void> {
  const path =
    `/api/v1/gateway-groups/{groupId}/${kind}/{resourceId}` as '/api/v1/gateway-groups/{groupId}/routes/{resourceId}';
  const params = { path: { groupId, resourceId: id } };
  const present = await api.GET(path, { params }).catch(() => undefined);
  const version = present?.data?.version;
  await api.PUT(path, {
    params,
    body: { value },
    headers: version === undefined ? {} : { 'If-Match': `"${version}"` },
  });
}
