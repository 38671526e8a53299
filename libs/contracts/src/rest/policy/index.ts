export * from './policy.errors.ts';
export * from './policy-types.ts';
export * from './policy-template.ts';
export * from './policy-template.endpoints.ts';
