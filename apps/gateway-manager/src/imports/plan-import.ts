import { contentHash } from '@tollgate/contracts/gateway';
import { gatewayErrors, type ImportResult, type PolicyTemplateReference } from '@tollgate/contracts/rest/gateway';
import { ApiError } from '@tollgate/platform';
import { compileDraft } from '../resources/compile-draft.ts';
import type { DraftResourceEntity } from '../resources/draft-resource.entity.ts';
import { type DraftInput, templateOf } from '../resources/draft-resources.repository.ts';
import { referencesOf } from '../resources/references.ts';
import { type GeneratedResource, generatedRouteFields } from './generate-resources.ts';

/** What an import is given. */
export interface ImportRequest {
  groupId: string;
  workspaceId: string;
  serviceId: string;
  generated: readonly GeneratedResource[];
  /** Resources of the draft with the ids that the import needs, and those that it made before. */
  present: readonly DraftResourceEntity[];
  /** False: an upstream that is there stays as it is. */
  replacesUpstream: boolean;
  /** Undefined: the service keeps the reference it has. */
  policyTemplate: PolicyTemplateReference | null | undefined;
}

/** What an import does to the draft. */
export interface ImportPlan {
  puts: DraftInput[];
  /** Ids of routes that the document no longer has. */
  removedRoutes: string[];
  changes: ImportResult['changes'];
  unchanged: number;
}

/** @throws ApiError `gateway.resource_id_taken` when an id belongs to what the import did not make, or to another workspace. */
export function planImport(request: ImportRequest): ImportPlan {
  const present = new Map(request.present.map((row) => [`${row.kind}/${row.id}`, row]));
  const plan: ImportPlan = { puts: [], removedRoutes: [], changes: [], unchanged: 0 };
  const taken: string[] = [];
  for (const resource of request.generated) {
    const { kind, id, summary } = resource;
    const row = present.get(`${kind}/${id}`);
    if (row && !isOurs(row, request)) {
      taken.push(`/${kind}/${id}`);
      continue;
    }
    const input = toInput(resource, row, request);
    if (row?.contentHash === input.contentHash) plan.unchanged++;
    else {
      plan.puts.push(input);
      plan.changes.push({ change: row?.contentHash ? 'change' : 'add', kind, id, summary });
    }
  }
  if (taken.length > 0) {
    const errors = taken
      .slice(0, 50)
      .map((pointer) => ({ pointer, message: 'This id belongs to a resource that the import did not make.' }));
    throw new ApiError(gatewayErrors.resourceIdTaken, { errors });
  }
  removeMissing(request, plan);
  return plan;
}

/** Removed rows that await their publish may be taken over; others only when this import made them, in this workspace. */
function isOurs(row: DraftResourceEntity, { workspaceId, serviceId }: ImportRequest): boolean {
  return row.workspaceId === workspaceId && (row.contentHash === null || row.importedBy === serviceId);
}

function toInput(
  resource: GeneratedResource,
  row: DraftResourceEntity | undefined,
  request: ImportRequest,
): DraftInput {
  const { kind, id } = resource;
  const { groupId, workspaceId, serviceId } = request;
  const value = mergeValue(resource, row?.value ?? null, request);
  const kept = row ? templateOf(row) : null;
  const policyTemplate = kind === 'service' && request.policyTemplate !== undefined ? request.policyTemplate : kept;
  return {
    groupId,
    kind,
    id,
    workspaceId,
    value,
    policyTemplate,
    importedBy: serviceId,
    contentHash: contentHash(compileDraft({ value, policyTemplate, workspaceId })),
    references: referencesOf(kind, value),
  };
}

/** The generated fields over what people added. */
function mergeValue(
  { kind, value }: GeneratedResource,
  present: Record<string, unknown> | null,
  { replacesUpstream }: ImportRequest,
): Record<string, unknown> {
  if (present === null) return value;
  if (kind === 'upstream') return replacesUpstream ? { ...present, ...value } : present;
  if (kind === 'service') return { ...present, ...value };
  const own = Object.entries(present).filter(
    ([field]) => !generatedRouteFields.some((generated) => generated === field),
  );
  return { ...value, ...Object.fromEntries(own) };
}

function removeMissing({ generated, present, serviceId }: ImportRequest, plan: ImportPlan): void {
  const wanted = new Set(generated.filter(({ kind }) => kind === 'route').map(({ id }) => id));
  for (const row of present) {
    if (row.kind !== 'route' || row.importedBy !== serviceId || row.contentHash === null || wanted.has(row.id))
      continue;
    plan.removedRoutes.push(row.id);
    plan.changes.push({ change: 'remove', kind: 'route', id: row.id, summary: nameOf(row) });
  }
}

function nameOf({ id, value }: DraftResourceEntity): string {
  const name = value?.['name'];
  return typeof name === 'string' ? name : id;
}
