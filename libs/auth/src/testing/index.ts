export { startTestIssuer, type TestIssuer } from './test-issuer.ts';
