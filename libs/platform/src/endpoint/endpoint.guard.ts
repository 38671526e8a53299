import { type CanActivate, type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Endpoint } from '@tollgate/contracts/rest';
import { ApiError } from '../errors/api-error.ts';
import { RateLimits } from '../rate-limit/rate-limits.ts';
import { AUTHENTICATOR } from '../tokens.ts';
import type { Authenticator } from './authenticator.port.ts';
import { ENDPOINT_METADATA, type EndpointRequest } from './implements.ts';

const consoleKinds: readonly Principal['kind'][] = ['user', 'service-account', 'operator'];

/** Whether `principal` may call an endpoint that is not public. */
export function isAllowed(endpoint: Endpoint, principal: Principal): boolean {
  const { access } = endpoint;
  switch (access.kind) {
    case 'public':
      return true;
    case 'authenticated':
      return consoleKinds.includes(principal.kind);
    case 'permission':
      return consoleKinds.includes(principal.kind) && principal.permissions.includes(access.permission);
    case 'developer':
      return principal.kind === 'developer';
    case 'service':
      return principal.kind === 'service';
  }
}

/** Runs before every handler: who is it, how often, and may they. A handler without an endpoint declaration is never reached. */
@Injectable()
export class EndpointGuard implements CanActivate {
  constructor(
    @Inject(RateLimits) private readonly limits: RateLimits,
    @Optional() @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator | undefined,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const endpoint = Reflect.getMetadata(ENDPOINT_METADATA, context.getHandler()) as Endpoint | undefined;
    if (endpoint === undefined) throw new ApiError(commonErrors.notFound);
    const request = context.switchToHttp().getRequest<EndpointRequest>();
    if (endpoint.access.kind !== 'service') await this.limits.checkAddress(request.ip, endpoint.rateLimit);
    if (endpoint.access.kind === 'public') return true;
    const principal = (await this.authenticator?.authenticate(request, endpoint)) ?? null;
    if (principal === null) throw new ApiError(commonErrors.unauthenticated);
    if (endpoint.access.kind !== 'service') await this.limits.checkPrincipal(principal, endpoint.rateLimit);
    if (!isAllowed(endpoint, principal)) throw new ApiError(commonErrors.forbidden);
    request.principal = principal;
    return true;
  }
}
