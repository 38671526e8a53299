import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { reconcileAccessState } from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { AccessReconciler } from './access-reconciler.ts';

@ApiController()
export class AccessStateController {
  constructor(@Inject(AccessReconciler) private readonly reconciler: AccessReconciler) {}

  @Implements(reconcileAccessState)
  reconcile(call: EndpointCall<typeof reconcileAccessState>): Promise<EndpointResult<typeof reconcileAccessState>> {
    return this.reconciler.reconcile(tenantOf(call));
  }
}
