import { type Principal, principal } from '@tollgate/contracts/auth';
import type { ServiceName } from '@tollgate/contracts';
import { deriveKey } from '@tollgate/platform';
import { errors, jwtVerify, SignJWT } from 'jose';

const ttlSeconds = 60;

/** Who signs: a service, or the operator's command that rebuilds projections. */
export type TokenHolder = ServiceName | 'rebuild-command';

/** Tokens with which services of one installation call each other: HMAC under a key derived from the master key. */
export class ServiceTokens {
  private readonly key: Buffer;

  constructor(
    masterKey: string,
    private readonly service: TokenHolder,
  ) {
    this.key = deriveKey(masterKey, 'service-tokens');
  }

  /** Token for a request to `audience`, in `tenantId` when the request acts in one. */
  async sign(audience: ServiceName, tenantId?: string): Promise<string> {
    const claims: Principal = {
      kind: 'service',
      id: this.service,
      permissions: [],
      ...(tenantId === undefined ? {} : { tenantId }),
    };
    return new SignJWT({ principal: claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt' })
      .setIssuer(this.service)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${ttlSeconds}s`)
      .sign(this.key);
  }

  /** The calling service, or null when the token is not one of this installation's for us. */
  async verify(token: string): Promise<Principal | null> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        audience: this.service,
        algorithms: ['HS256'],
        typ: 'service+jwt',
      });
      const caller = principal.parse(payload['principal']);
      return caller.kind === 'service' && caller.id === payload.iss ? caller : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
