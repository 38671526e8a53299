import type { components } from '@tollgate/client';

/** A route, service, consumer or any other object of a gateway group’s draft. */
export type Resource = components['schemas']['DraftResource'];
/** Which policies a route or service takes. */
export type TemplateReference = components['schemas']['PolicyTemplateReference'];
/** An object in Apache APISIX’s shape. */
export type ResourceValue = Record<string, unknown>;
