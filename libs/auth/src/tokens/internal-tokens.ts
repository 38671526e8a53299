import { type Principal, principal } from '@tollgate/contracts/auth';
import type { ServiceName } from '@tollgate/contracts';
import { createRemoteJWKSet, type CryptoKey, errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';

/** Issuer of internal tokens. */
export const internalIssuer = 'tollgate-iam';
/** How long an internal token lives, in seconds. */
export const internalTokenTtlSeconds = 60;

const algorithm = 'EdDSA';

/** Signs a token that `audience` accepts for {@link internalTokenTtlSeconds}. Only iam holds the key. */
export async function signInternalToken(input: {
  principal: Principal;
  audience: ServiceName;
  privateKey: CryptoKey;
  keyId: string;
}): Promise<{ token: string; expiresAt: Date }> {
  const expiresAt = new Date(Math.floor(Date.now() / 1000 + internalTokenTtlSeconds) * 1000);
  const token = await new SignJWT({ principal: input.principal })
    .setProtectedHeader({ alg: algorithm, kid: input.keyId, typ: 'at+jwt' })
    .setIssuer(internalIssuer)
    .setSubject(input.principal.id)
    .setAudience(input.audience)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(input.privateKey);
  return { token, expiresAt };
}

/** Verifies internal tokens offline; the issuer's public keys are fetched once and when an unknown key id turns up. */
export class InternalTokenVerifier {
  private readonly keys: JWTVerifyGetKey;

  constructor(
    private readonly audience: ServiceName,
    jwksUrl: URL,
  ) {
    this.keys = createRemoteJWKSet(jwksUrl, { cooldownDuration: 1000, cacheMaxAge: 600_000, timeoutDuration: 3000 });
  }

  /**
   * @returns null when the token is not ours, expired or for somebody else.
   * @throws whatever fetching the keys throws, when they are needed and not there.
   */
  async verify(token: string): Promise<Principal | null> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: internalIssuer,
        audience: this.audience,
        algorithms: [algorithm],
        typ: 'at+jwt',
      });
      return principal.parse(payload['principal']);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
      return null;
    }
  }
}
