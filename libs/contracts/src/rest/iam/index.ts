export * from './internal.endpoints.ts';
