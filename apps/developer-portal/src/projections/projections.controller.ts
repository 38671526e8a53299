import { Inject } from '@nestjs/common';
import type { EndpointResult } from '@tollgate/contracts/rest';
import { reconcilePortalProjections } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { ProjectionsReconciler } from './projections-reconciler.ts';

@ApiController()
export class ProjectionsController {
  constructor(@Inject(ProjectionsReconciler) private readonly reconciler: ProjectionsReconciler) {}

  @Implements(reconcilePortalProjections)
  reconcile(): Promise<EndpointResult<typeof reconcilePortalProjections>> {
    return this.reconciler.reconcile();
  }
}
