import type { DraftKind, DraftResource } from '@tollgate/contracts/rest/gateway';
import type { DraftResourceEntity } from './draft-resource.entity.ts';
import { templateOf } from './draft-resources.repository.ts';

/** The resource as the API shows it. */
export function toDraftResource(row: DraftResourceEntity): DraftResource {
  return {
    id: row.id,
    kind: row.kind as DraftKind,
    workspaceId: row.workspaceId,
    value: row.value ?? {},
    policyTemplate: templateOf(row),
    isPublished: !row.isChanged,
    isInForce: row.publishedHash !== null,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
