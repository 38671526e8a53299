import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  diffGroup,
  getRevision,
  listRevisionChanges,
  listRevisions,
  publishGroup,
  publishPolicyTemplate,
  rollBackGroup,
} from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements } from '@tollgate/platform';
import { PublishService } from './publish.service.ts';
import { RevisionsService } from './revisions.service.ts';
import { RollbackService } from './rollback.service.ts';
import { TemplatePublishService } from './template-publish.service.ts';

@ApiController()
export class PublishingController {
  constructor(
    @Inject(PublishService) private readonly publishing: PublishService,
    @Inject(TemplatePublishService) private readonly templates: TemplatePublishService,
    @Inject(RollbackService) private readonly rollbacks: RollbackService,
    @Inject(RevisionsService) private readonly revisions: RevisionsService,
  ) {}

  @Implements(publishGroup)
  publish(call: EndpointCall<typeof publishGroup>): Promise<EndpointResult<typeof publishGroup>> {
    return this.publishing.publish(call);
  }

  @Implements(publishPolicyTemplate)
  publishTemplate(
    call: EndpointCall<typeof publishPolicyTemplate>,
  ): Promise<EndpointResult<typeof publishPolicyTemplate>> {
    return this.templates.publish(call);
  }

  @Implements(rollBackGroup)
  rollBack(call: EndpointCall<typeof rollBackGroup>): Promise<EndpointResult<typeof rollBackGroup>> {
    return this.rollbacks.rollBack(call);
  }

  @Implements(diffGroup)
  diff(call: EndpointCall<typeof diffGroup>): Promise<EndpointResult<typeof diffGroup>> {
    return this.revisions.diff(call);
  }

  @Implements(listRevisions)
  list(call: EndpointCall<typeof listRevisions>): Promise<EndpointResult<typeof listRevisions>> {
    return this.revisions.list(call);
  }

  @Implements(getRevision)
  get(call: EndpointCall<typeof getRevision>): Promise<EndpointResult<typeof getRevision>> {
    return this.revisions.get(call);
  }

  @Implements(listRevisionChanges)
  listChanges(call: EndpointCall<typeof listRevisionChanges>): Promise<EndpointResult<typeof listRevisionChanges>> {
    return this.revisions.listChanges(call);
  }
}
