import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { type importOpenApi, type ImportResult, maxImportChanges } from '@tollgate/contracts/rest/gateway';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { GroupsRepository } from '../groups/groups.repository.ts';
import { DraftResourcesRepository } from '../resources/draft-resources.repository.ts';
import { WorkspacesRepository } from '../workspaces/workspaces.repository.ts';
import { documentInvalid } from './document-error.ts';
import { DocumentFetcher } from './document-fetcher.ts';
import { type GeneratedResource, generateResources } from './generate-resources.ts';
import { parseDocument } from './parse-document.ts';
import { importViews } from './import-views.ts';
import { type ImportPlan, planImport } from './plan-import.ts';
import { readSpecification, type Specification } from './read-specification.ts';
import { serviceIdOf } from './route-ids.ts';

type ImportCall = EndpointCall<typeof importOpenApi>;

/** Turns OpenAPI documents into drafts of a service, its upstream and its routes. */
@Injectable()
export class ImportsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(DraftResourcesRepository) private readonly drafts: DraftResourcesRepository,
    @Inject(DocumentFetcher) private readonly fetcher: DocumentFetcher,
  ) {}

  /** @throws ApiError `gateway.document_invalid`, `gateway.resource_id_taken`, and what {@link DocumentFetcher.fetch} throws. */
  async run(call: ImportCall): Promise<ImportResult> {
    const specification = readSpecification(await parseDocument(await this.#textOf(call)));
    const serviceId = call.body.serviceId ?? serviceIdOf(specification.title);
    const generated = generateResources(specification, serviceId, upstreamUrlOf(call, specification));
    return this.database.inTenant(
      tenantOf(call),
      async (unit) => {
        const workspaceId = await this.#workspaceFor(unit, call);
        const plan = await this.#plan(unit, call, { workspaceId, serviceId, generated });
        await this.#apply(unit, call.params.groupId, plan);
        const result = resultOf(specification, { serviceId, workspaceId }, plan);
        const { added, changed, removed } = result;
        const object = { kind: 'service', id: serviceId };
        await unit.audit(
          auditOf(call, {
            action: 'import.run',
            object,
            details: { groupId: call.params.groupId, added, changed, removed },
          }),
        );
        return result;
      },
      { dryRun: call.dryRun },
    );
  }

  /** Fetched before the unit of work, which must not wait for somebody else's server. */
  async #textOf({ body: { document = '', url } }: ImportCall): Promise<string> {
    return url === undefined ? document : this.fetcher.fetch(url);
  }

  async #plan(
    unit: UnitOfWork,
    { params: { groupId }, body }: ImportCall,
    target: { workspaceId: string; serviceId: string; generated: GeneratedResource[] },
  ): Promise<ImportPlan> {
    const idsOf = (kind: GeneratedResource['kind']) =>
      target.generated.filter((r) => r.kind === kind).map(({ id }) => id);
    const imported = await this.drafts.findImported(unit, groupId, target.serviceId);
    const known = new Set(imported.map(({ key }) => key));
    const others = [
      ...(await this.drafts.findByIds(unit, groupId, 'upstream', idsOf('upstream'))),
      ...(await this.drafts.findByIds(unit, groupId, 'service', idsOf('service'))),
      ...(await this.drafts.findByIds(unit, groupId, 'route', idsOf('route'))),
    ].filter(({ key }) => !known.has(key));
    const replacesUpstream = body.upstreamUrl !== undefined;
    const present = [...imported, ...others];
    const plan = planImport({ groupId, ...target, present, replacesUpstream, policyTemplate: body.policyTemplate });
    unit.noteChange(target.serviceId, importViews(present, plan));
    return plan;
  }

  async #apply(unit: UnitOfWork, groupId: string, { puts, removedRoutes }: ImportPlan): Promise<void> {
    if (puts.length > 0) await this.drafts.putAll(unit, groupId, puts);
    if (removedRoutes.length > 0) await this.drafts.removeAll(unit, groupId, 'route', removedRoutes);
  }

  async #workspaceFor(unit: UnitOfWork, { params: { groupId }, body }: ImportCall): Promise<string> {
    await this.groups.get(unit, groupId);
    const workspace =
      body.workspaceId === undefined
        ? await this.workspaces.findDefault(unit, groupId)
        : await this.workspaces.find(unit, groupId, body.workspaceId);
    if (workspace !== null) return workspace.id;
    throw new ApiError(commonErrors.invalid, {
      errors: [{ pointer: '/workspaceId', message: 'The group has no such workspace.' }],
    });
  }
}

/** Where calls go: what the caller says, else the document's first server. */
function upstreamUrlOf({ body }: ImportCall, { serverUrl }: Specification): URL {
  const url = body.upstreamUrl ?? serverUrl;
  if (url === null) {
    throw documentInvalid([
      { pointer: '/servers', message: 'It names no server; say where calls go in `upstreamUrl`.' },
    ]);
  }
  const parsed = new URL(url);
  if (parsed.pathname === '/' && parsed.search === '' && parsed.hash === '' && parsed.username === '') return parsed;
  throw new ApiError(commonErrors.invalid, {
    errors: [{ pointer: '/upstreamUrl', message: 'Scheme, host and port only.' }],
  });
}

function resultOf(
  { specification, title, warnings }: Specification,
  { serviceId, workspaceId }: { serviceId: string; workspaceId: string },
  { changes, unchanged }: ImportPlan,
): ImportResult {
  const count = (change: string) => changes.filter((line) => line.change === change).length;
  return {
    serviceId,
    upstreamId: serviceId,
    workspaceId,
    specification,
    title,
    added: count('add'),
    changed: count('change'),
    removed: count('remove'),
    unchanged,
    changes: changes.slice(0, maxImportChanges),
    warnings,
  };
}
