import { Inject, type Type } from '@nestjs/common';
import type { EndpointCall, EndpointResult, ForcedDeletion } from '@tollgate/contracts/rest';
import {
  consumerEndpoints,
  consumerGroupEndpoints,
  type DraftKind,
  globalPolicyEndpoints,
  routeEndpoints,
  serviceEndpoints,
  streamRouteEndpoints,
  upstreamEndpoints,
} from '@tollgate/contracts/rest/gateway';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiController, auditOf, Implements, outcomeOf, tenantOf } from '@tollgate/platform';
import { type DraftResourceInput, DraftResourcesService } from './draft-resources.service.ts';

type KindEndpoints =
  | typeof upstreamEndpoints
  | typeof serviceEndpoints
  | typeof routeEndpoints
  | typeof streamRouteEndpoints
  | typeof globalPolicyEndpoints
  | typeof consumerGroupEndpoints
  | typeof consumerEndpoints;

/** The body that the endpoint's schema has checked; TypeScript loses its type where the endpoint is one of several kinds'. */
function bodyOf<Body>({ body }: { body: unknown }): Body {
  return body as Body;
}

/** Makes the controller of one kind; all kinds have the same five endpoints. */
function draftController(kind: DraftKind, endpoints: KindEndpoints): Type {
  // The kinds' endpoints differ in their bodies only, and every body is a DraftResourceInput.
  const { list, create, get, put, delete: remove } = endpoints as typeof routeEndpoints;
  const object = (id: string) => ({ kind, id });

  @ApiController()
  class DraftController {
    constructor(
      @Inject(Database) private readonly database: Database,
      @Inject(DraftResourcesService) private readonly drafts: DraftResourcesService,
    ) {}

    @Implements(list)
    list(call: EndpointCall<typeof list>): Promise<EndpointResult<typeof list>> {
      const { limit, cursor, sort, withTotal, ...others } = call.query;
      const filter = { ...others, groupId: call.params.groupId, kind };
      const page = { limit, cursor, sort, withTotal };
      return this.database.inTenant(tenantOf(call), (unit) => this.drafts.list(unit, filter, page));
    }

    @Implements(create)
    create(call: EndpointCall<typeof create>): Promise<EndpointResult<typeof create>> {
      const { id, ...input } = bodyOf<DraftResourceInput & { id?: string }>(call);
      return this.database.inTenant(tenantOf(call), async (unit) => {
        const key = { groupId: call.params.groupId, kind, id };
        const created = await this.drafts.create(unit, key, input);
        await unit.audit(auditOf(call, { action: create.audit ?? '', object: object(created.id) }));
        return created;
      });
    }

    @Implements(get)
    get(call: EndpointCall<typeof get>): Promise<EndpointResult<typeof get>> {
      const key = { groupId: call.params.groupId, kind, id: call.params.resourceId };
      return this.database.inTenant(tenantOf(call), (unit) => this.drafts.get(unit, key));
    }

    @Implements(put)
    put(call: EndpointCall<typeof put>): Promise<EndpointResult<typeof put>> {
      const key = { groupId: call.params.groupId, kind, id: call.params.resourceId };
      return this.database.inTenant(tenantOf(call), async (unit) => {
        const result = await this.drafts.put(unit, key, bodyOf<DraftResourceInput>(call), call.ifMatch);
        await unit.audit(auditOf(call, { action: put.audit ?? '', object: object(key.id) }));
        return result;
      });
    }

    @Implements(remove)
    delete(call: EndpointCall<typeof remove>): Promise<EndpointResult<typeof remove>> {
      const key = { groupId: call.params.groupId, kind, id: call.params.resourceId };
      const work = async (unit: UnitOfWork): Promise<ForcedDeletion | undefined> => {
        const outcome = outcomeOf(call, await this.drafts.delete(unit, key, call));
        await unit.audit(
          auditOf(call, { action: remove.audit ?? '', object: object(key.id), details: { ...outcome } }),
        );
        return outcome;
      };
      return this.database.inTenant(tenantOf(call), work, call);
    }
  }
  return DraftController;
}

export const UpstreamsController = draftController('upstream', upstreamEndpoints);
export const ServicesController = draftController('service', serviceEndpoints);
export const RoutesController = draftController('route', routeEndpoints);
export const StreamRoutesController = draftController('stream_route', streamRouteEndpoints);
export const GlobalPoliciesController = draftController('global_rule', globalPolicyEndpoints);
export const ConsumerGroupsController = draftController('consumer_group', consumerGroupEndpoints);
export const ConsumersController = draftController('consumer', consumerEndpoints);
