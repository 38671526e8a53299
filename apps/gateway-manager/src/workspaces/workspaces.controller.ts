import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  listWorkspaces,
  updateWorkspace,
} from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements } from '@tollgate/platform';
import { WorkspacesService } from './workspaces.service.ts';

@ApiController()
export class WorkspacesController {
  constructor(@Inject(WorkspacesService) private readonly workspaces: WorkspacesService) {}

  @Implements(listWorkspaces)
  list(call: EndpointCall<typeof listWorkspaces>): Promise<EndpointResult<typeof listWorkspaces>> {
    return this.workspaces.list(call);
  }

  @Implements(createWorkspace)
  create(call: EndpointCall<typeof createWorkspace>): Promise<EndpointResult<typeof createWorkspace>> {
    return this.workspaces.create(call);
  }

  @Implements(getWorkspace)
  get(call: EndpointCall<typeof getWorkspace>): Promise<EndpointResult<typeof getWorkspace>> {
    return this.workspaces.get(call);
  }

  @Implements(updateWorkspace)
  rename(call: EndpointCall<typeof updateWorkspace>): Promise<EndpointResult<typeof updateWorkspace>> {
    return this.workspaces.rename(call);
  }

  @Implements(deleteWorkspace)
  async delete(call: EndpointCall<typeof deleteWorkspace>): Promise<EndpointResult<typeof deleteWorkspace>> {
    await this.workspaces.delete(call);
    return undefined;
  }
}
