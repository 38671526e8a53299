import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  getPolicyTemplateVersion,
  listPolicyTemplateVersions,
  publishPolicyTemplateVersion,
  resolveLatestPolicyTemplateVersion,
  resolvePolicyTemplateVersion,
} from '@tollgate/contracts/rest/policy';
import { ApiController, Implements } from '@tollgate/platform';
import { PolicyTemplateVersionsService } from './policy-template-versions.service.ts';

@ApiController()
export class PolicyTemplateVersionsController {
  constructor(@Inject(PolicyTemplateVersionsService) private readonly versions: PolicyTemplateVersionsService) {}

  @Implements(listPolicyTemplateVersions)
  list(
    call: EndpointCall<typeof listPolicyTemplateVersions>,
  ): Promise<EndpointResult<typeof listPolicyTemplateVersions>> {
    return this.versions.list(call);
  }

  @Implements(publishPolicyTemplateVersion)
  publish(
    call: EndpointCall<typeof publishPolicyTemplateVersion>,
  ): Promise<EndpointResult<typeof publishPolicyTemplateVersion>> {
    return this.versions.publish(call);
  }

  @Implements(getPolicyTemplateVersion)
  get(call: EndpointCall<typeof getPolicyTemplateVersion>): Promise<EndpointResult<typeof getPolicyTemplateVersion>> {
    return this.versions.get(call);
  }

  @Implements(resolvePolicyTemplateVersion)
  resolve(
    call: EndpointCall<typeof resolvePolicyTemplateVersion>,
  ): Promise<EndpointResult<typeof resolvePolicyTemplateVersion>> {
    return this.versions.resolve(call);
  }

  @Implements(resolveLatestPolicyTemplateVersion)
  resolveLatest(
    call: EndpointCall<typeof resolveLatestPolicyTemplateVersion>,
  ): Promise<EndpointResult<typeof resolveLatestPolicyTemplateVersion>> {
    return this.versions.resolveLatest(call);
  }
}
