import type { Principal } from '@tollgate/contracts/auth';
import type { Endpoint } from '@tollgate/contracts/rest';
import type { Authenticator } from '@tollgate/platform';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import type { DeveloperVerifier } from './developer-verifier.ts';
import type { Revocations } from './revocation/revocations.ts';
import type { InternalTokenVerifier } from './tokens/internal-tokens.ts';
import type { ServiceTokens } from './tokens/service-tokens.ts';

type Realm = 'console' | 'service' | 'developer';

const realmOf = (endpoint: Endpoint): Realm => {
  const { kind } = endpoint.access;
  return kind === 'service' || kind === 'developer' ? kind : 'console';
};

/** Authenticates requests with one passport strategy per realm; a credential of one realm is nothing in another. */
export class PassportAuthenticator implements Authenticator {
  /** An instance of its own: several services live in one process. */
  private readonly passport = new passport.Passport();

  constructor(
    parts: { internal: InternalTokenVerifier; services: ServiceTokens; developers: DeveloperVerifier | undefined },
    private readonly revocations: Revocations,
  ) {
    this.use('console', (token) => parts.internal.verify(token));
    this.use('service', (token) => parts.services.verify(token));
    const { developers } = parts;
    if (developers !== undefined) this.use('developer', (token) => developers.verify(token));
  }

  async authenticate(request: Pick<FastifyRequest, 'headers'>, endpoint: Endpoint): Promise<Principal | null> {
    const realm = realmOf(endpoint);
    const principal = await this.run(realm, request);
    if (principal === null || realm !== 'console' || principal.credentialId === undefined) return principal;
    const isWrite = endpoint.method !== 'GET';
    return (await this.revocations.isRevoked(principal.credentialId, isWrite)) ? null : principal;
  }

  private use(realm: Realm, verify: (token: string) => Promise<Principal | null>): void {
    const strategy = new BearerStrategy((token, done) => {
      verify(token).then(
        (principal) => done(null, principal ?? false),
        (error: unknown) => done(error),
      );
    });
    this.passport.use(realm, strategy);
  }

  private run(realm: Realm, request: Pick<FastifyRequest, 'headers'>): Promise<Principal | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Principal | null>();
    const middleware = this.passport.authenticate(
      realm,
      { session: false },
      (error: unknown, principal: Principal | false | undefined) => {
        if (error) reject(error instanceof Error ? error : new Error('authentication failed', { cause: error }));
        else resolve(principal || null);
      },
    ) as (request: unknown, response: unknown, next: (error: unknown) => void) => void;
    // Only the header is offered: passport-http-bearer would otherwise also read tokens from bodies and addresses.
    middleware({ headers: { authorization: request.headers.authorization } }, {}, (error) =>
      reject(error instanceof Error ? error : new Error('authentication failed')),
    );
    return promise;
  }
}
