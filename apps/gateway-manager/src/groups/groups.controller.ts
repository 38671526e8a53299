import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createGatewayGroup,
  deleteGatewayGroup,
  getGatewayGroup,
  listGatewayGroups,
  updateGatewayGroup,
} from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements } from '@tollgate/platform';
import { GroupsService } from './groups.service.ts';

@ApiController()
export class GroupsController {
  constructor(@Inject(GroupsService) private readonly groups: GroupsService) {}

  @Implements(listGatewayGroups)
  list(call: EndpointCall<typeof listGatewayGroups>): Promise<EndpointResult<typeof listGatewayGroups>> {
    return this.groups.list(call);
  }

  @Implements(createGatewayGroup)
  create(call: EndpointCall<typeof createGatewayGroup>): Promise<EndpointResult<typeof createGatewayGroup>> {
    return this.groups.create(call);
  }

  @Implements(getGatewayGroup)
  get(call: EndpointCall<typeof getGatewayGroup>): Promise<EndpointResult<typeof getGatewayGroup>> {
    return this.groups.get(call);
  }

  @Implements(updateGatewayGroup)
  update(call: EndpointCall<typeof updateGatewayGroup>): Promise<EndpointResult<typeof updateGatewayGroup>> {
    return this.groups.update(call);
  }

  @Implements(deleteGatewayGroup)
  delete(call: EndpointCall<typeof deleteGatewayGroup>): Promise<EndpointResult<typeof deleteGatewayGroup>> {
    return this.groups.delete(call);
  }
}
