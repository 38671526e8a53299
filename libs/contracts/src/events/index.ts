export * from './envelope.ts';
export * from './analytics.events.ts';
export * from './audit.events.ts';
export * from './iam.events.ts';
export * from './gateway.events.ts';
export * from './policy.events.ts';
export * from './portal.events.ts';
export * from './usage.events.ts';
