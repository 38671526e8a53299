export { AuthModule } from './auth.module.ts';
export { ServiceClient, type ServiceCall, type ServiceResult, serviceUrls } from './client/service-client.ts';
export { DEVELOPER_VERIFIER, type DeveloperVerifier } from './developer-verifier.ts';
export { Passwords } from './passwords/passwords.ts';
export { revocationKey, Revocations } from './revocation/revocations.ts';
export { internalTokenTtlSeconds, InternalTokenVerifier, signInternalToken } from './tokens/internal-tokens.ts';
export { ServiceTokens } from './tokens/service-tokens.ts';
export { hashSecretToken, newSecretToken, secretTokenKind } from './tokens/secret-token.ts';
