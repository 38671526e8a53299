import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getPolicyType, listPolicyTypes } from '@tollgate/contracts/rest/policy';
import { ApiController, Implements } from '@tollgate/platform';
import { PolicyTypesService } from './policy-types.service.ts';

@ApiController()
export class PolicyTypesController {
  constructor(@Inject(PolicyTypesService) private readonly policyTypes: PolicyTypesService) {}

  @Implements(listPolicyTypes)
  list({ query, language }: EndpointCall<typeof listPolicyTypes>): EndpointResult<typeof listPolicyTypes> {
    return this.policyTypes.list(query, language);
  }

  @Implements(getPolicyType)
  get({ params, language }: EndpointCall<typeof getPolicyType>): EndpointResult<typeof getPolicyType> {
    return this.policyTypes.get(params.name, language);
  }
}
