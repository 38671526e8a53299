import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createPlan,
  createPlanVersion,
  deletePlan,
  getPlan,
  listPlans,
  listPlanVersions,
  updatePlan,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { PlansService } from './plans.service.ts';

@ApiController()
export class PlansController {
  constructor(@Inject(PlansService) private readonly plans: PlansService) {}

  @Implements(listPlans)
  list(call: EndpointCall<typeof listPlans>): Promise<EndpointResult<typeof listPlans>> {
    return this.plans.list(call);
  }

  @Implements(createPlan)
  create(call: EndpointCall<typeof createPlan>): Promise<EndpointResult<typeof createPlan>> {
    return this.plans.create(call);
  }

  @Implements(getPlan)
  get(call: EndpointCall<typeof getPlan>): Promise<EndpointResult<typeof getPlan>> {
    return this.plans.get(call);
  }

  @Implements(updatePlan)
  update(call: EndpointCall<typeof updatePlan>): Promise<EndpointResult<typeof updatePlan>> {
    return this.plans.update(call);
  }

  @Implements(deletePlan)
  remove(call: EndpointCall<typeof deletePlan>): Promise<EndpointResult<typeof deletePlan>> {
    return this.plans.remove(call);
  }

  @Implements(listPlanVersions)
  listVersions(call: EndpointCall<typeof listPlanVersions>): Promise<EndpointResult<typeof listPlanVersions>> {
    return this.plans.listVersions(call);
  }

  @Implements(createPlanVersion)
  addVersion(call: EndpointCall<typeof createPlanVersion>): Promise<EndpointResult<typeof createPlanVersion>> {
    return this.plans.addVersion(call);
  }
}
