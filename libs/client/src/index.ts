export { type ClientOptions, createTollgateClient, type TollgateClient } from './client.ts';
export type { components, operations, paths } from './openapi.generated.ts';
export { type RefusedPlace, TollgateError } from './tollgate-error.ts';
