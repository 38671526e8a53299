export * from './analytics.errors.ts';
export * from './call-report.endpoints.ts';
export * from './prices.endpoints.ts';
export * from './billing.endpoints.ts';
export * from './snapshot.endpoints.ts';
export * from './usage.endpoints.ts';
