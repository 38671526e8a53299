import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createPolicyTemplate,
  deletePolicyTemplate,
  getPolicyTemplate,
  listPolicyTemplates,
  updatePolicyTemplate,
} from '@tollgate/contracts/rest/policy';
import { ApiController, Implements } from '@tollgate/platform';
import { PolicyTemplatesService } from './policy-templates.service.ts';

@ApiController()
export class PolicyTemplatesController {
  constructor(@Inject(PolicyTemplatesService) private readonly templates: PolicyTemplatesService) {}

  @Implements(listPolicyTemplates)
  list(call: EndpointCall<typeof listPolicyTemplates>): Promise<EndpointResult<typeof listPolicyTemplates>> {
    return this.templates.list(call);
  }

  @Implements(createPolicyTemplate)
  create(call: EndpointCall<typeof createPolicyTemplate>): Promise<EndpointResult<typeof createPolicyTemplate>> {
    return this.templates.create(call);
  }

  @Implements(getPolicyTemplate)
  get(call: EndpointCall<typeof getPolicyTemplate>): Promise<EndpointResult<typeof getPolicyTemplate>> {
    return this.templates.get(call);
  }

  @Implements(updatePolicyTemplate)
  update(call: EndpointCall<typeof updatePolicyTemplate>): Promise<EndpointResult<typeof updatePolicyTemplate>> {
    return this.templates.update(call);
  }

  @Implements(deletePolicyTemplate)
  async remove(call: EndpointCall<typeof deletePolicyTemplate>): Promise<EndpointResult<typeof deletePolicyTemplate>> {
    await this.templates.remove(call);
  }
}
