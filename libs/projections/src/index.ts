export { reconcileConfig } from './config.ts';
export { everyPage } from './every-page.ts';
export { AsProjection, type Projection } from './projection.ts';
export { Projections } from './projections.ts';
export { ProjectionsModule, type ProjectionsOptions } from './projections.module.ts';
export { ReconcileJob } from './reconcile-job.ts';
export type { Tenants } from './tenants.ts';
export { isUnderWay } from './under-way.ts';
