export * from './start-engine.ts';
export * from './start-relay.ts';
export * from './test-client.ts';
export * from './test-upstream.ts';
export * from './test-dns.ts';
export * from './test-registry.ts';
export * from './test-http2.ts';
