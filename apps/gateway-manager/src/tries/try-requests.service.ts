import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { type CommandAction, type TryOutcome, tryTimeoutMs, type TryTrace } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  type createTryRequest,
  gatewayErrors,
  type TriedRequest,
  type tryRequestForService,
} from '@tollgate/contracts/rest/gateway';
import { Database } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { FleetSignals } from '../fleet/fleet-signals.ts';
import { GroupsRepository } from '../groups/groups.repository.ts';
import { templateIdOf } from '../resources/compile-draft.ts';
import { AwaitedTries } from './awaited-tries.ts';
import { TryDataPlanesRepository, type TryingDataPlane } from './try-data-planes.repository.ts';

/** What the way there and back may take beyond the try itself, milliseconds. */
const wayMs = 4_000;

type TryAction = Omit<Extract<CommandAction, { name: 'try-request' }>, 'name'>;
type Done = Extract<TryOutcome, { outcome: 'done' }>;

interface Played extends Omit<Done, 'outcome'> {
  readonly dataPlane: TryingDataPlane;
}

/** Has data planes play requests, and tells what they did. */
@Injectable()
export class TryRequestsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(TryDataPlanesRepository) private readonly dataPlanes: TryDataPlanesRepository,
    @Inject(AwaitedTries) private readonly awaited: AwaitedTries,
    @Inject(FleetSignals) private readonly signals: FleetSignals,
  ) {}

  /** @throws ApiError `resource.not_found`, `gateway.no_data_plane_online`, `gateway.try_host_unknown`, `gateway.try_not_answered` */
  async tryForPerson(call: EndpointCall<typeof createTryRequest>): Promise<TriedRequest> {
    const { request, dataPlaneId, clientAddress } = call.body;
    const { groupId } = call.params;
    const { method, host, path } = request;
    const audit = auditOf(call, {
      action: 'request.try',
      object: { kind: 'gateway-group', id: groupId },
      // Neither query nor headers nor body: they hold keys.
      details: { method, path, ...(host === undefined ? {} : { host }) },
    });
    const triedAt = new Date().toISOString();
    const { dataPlane, response, trace } = await this.#play(tenantOf(call), {
      action: { groupId, request, clientAddress },
      dataPlaneId,
      audit,
    });
    return { dataPlane, triedAt, response, trace: withTemplates(trace) };
  }

  /** The caller has written the audit entry, if there is one to write. @throws ApiError `resource.not_found` */
  async tryForService(
    call: EndpointCall<typeof tryRequestForService>,
  ): Promise<EndpointResult<typeof tryRequestForService>> {
    const { request, scope } = call.body;
    const { groupId } = call.params;
    try {
      const { response, trace } = await this.#play(tenantOf(call), { action: { groupId, request, scope } });
      return { outcome: 'done', response, trace };
    } catch (error) {
      const outcome = error instanceof ApiError ? outcomes.get(error.definition) : undefined;
      if (outcome === undefined) throw error;
      return { outcome };
    }
  }

  async #play(
    tenantId: string,
    {
      action,
      dataPlaneId,
      audit,
    }: { readonly action: TryAction; readonly dataPlaneId?: string | undefined; readonly audit?: AuditEntry },
  ): Promise<Played> {
    const { groupId } = action;
    await this.database.inTenant(tenantId, (unit) => this.groups.get(unit, groupId));
    const dataPlane = await this.dataPlanes.choose(tenantId, groupId, dataPlaneId);
    if (dataPlane === null) throw new ApiError(gatewayErrors.noDataPlaneOnline);
    if (audit !== undefined) await this.database.inTenant(tenantId, (unit) => unit.audit(audit));
    const id = newId('cmd');
    const withinMs = tryTimeoutMs + wayMs;
    const expiresAt = new Date(Date.now() + withinMs).toISOString();
    const command = { id, expiresAt, action: { name: 'try-request' as const, ...action } };
    const outcome = await this.awaited.wait(id, { dataPlaneId: dataPlane.id, withinMs }, () =>
      this.signals.send({ kind: 'command', dataPlaneId: dataPlane.id, command }),
    );
    return { dataPlane, ...doneOrThrow(outcome) };
  }
}

/** Names templates as people know them. */
function withTemplates(trace: TryTrace): TryTrace {
  const policies = trace.policies.map((policy) => {
    const { kind, id } = policy.source;
    return kind === 'template' && id !== null ? { ...policy, source: { kind, id: templateIdOf(id) } } : policy;
  });
  return { ...trace, policies };
}

function doneOrThrow(outcome: TryOutcome | null): Omit<Done, 'outcome'> {
  if (outcome?.outcome === 'done') return outcome;
  if (outcome === null) throw new ApiError(gatewayErrors.tryNotAnswered);
  const { reason, detail } = outcome;
  if (reason === 'busy') throw new ApiError(commonErrors.rateLimited, { detail, headers: { 'retry-after': '1' } });
  if (reason !== 'foreign-host') throw new ApiError(gatewayErrors.tryNotAnswered, { detail });
  throw new ApiError(gatewayErrors.tryHostUnknown, {
    detail,
    errors: [{ pointer: '/body/request/host', message: detail }],
  });
}

/** What another service is told in place of an error. */
const outcomes = new Map<unknown, 'no-data-plane' | 'not-answered' | 'host-unknown'>([
  [gatewayErrors.noDataPlaneOnline, 'no-data-plane'],
  [gatewayErrors.tryNotAnswered, 'not-answered'],
  [gatewayErrors.tryHostUnknown, 'host-unknown'],
]);
