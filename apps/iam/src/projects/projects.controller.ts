import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createProject, deleteProject, getProject, listProjects, updateProject } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { ProjectsService } from './projects.service.ts';

@ApiController()
export class ProjectsController {
  constructor(@Inject(ProjectsService) private readonly projects: ProjectsService) {}

  @Implements(listProjects)
  list(call: EndpointCall<typeof listProjects>): Promise<EndpointResult<typeof listProjects>> {
    return this.projects.list(call);
  }

  @Implements(getProject)
  get(call: EndpointCall<typeof getProject>): Promise<EndpointResult<typeof getProject>> {
    return this.projects.get(call);
  }

  @Implements(createProject)
  create(call: EndpointCall<typeof createProject>): Promise<EndpointResult<typeof createProject>> {
    return this.projects.create(call);
  }

  @Implements(updateProject)
  update(call: EndpointCall<typeof updateProject>): Promise<EndpointResult<typeof updateProject>> {
    return this.projects.update(call);
  }

  @Implements(deleteProject)
  delete(call: EndpointCall<typeof deleteProject>): Promise<EndpointResult<typeof deleteProject>> {
    return this.projects.delete(call);
  }
}
