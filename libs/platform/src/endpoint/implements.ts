import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Endpoint, EndpointCall, EndpointResult, HttpMethod } from '@tollgate/contracts/rest';
import type { FastifyRequest } from 'fastify';

/** Metadata key under which a controller method holds its {@link Endpoint}. */
export const ENDPOINT_METADATA = 'tollgate:endpoint';

/** A request on its way through guard and interceptor. */
export interface EndpointRequest extends FastifyRequest {
  principal?: EndpointCall<Endpoint>['principal'];
  endpointCall?: EndpointCall<Endpoint>;
}

const methods: Record<HttpMethod, RequestMethod> = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PUT: RequestMethod.PUT,
  PATCH: RequestMethod.PATCH,
  DELETE: RequestMethod.DELETE,
};

const Call = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<EndpointRequest>().endpointCall,
);

/** A class whose methods implement endpoints. */
export const ApiController = (): ClassDecorator => Controller();

/**
 * Binds a method to its contract: route, status, access, parsing and documentation all come from the declaration.
 * The method takes one {@link EndpointCall} and returns the response (or a promise of it).
 */
export function Implements<E extends Endpoint>(
  endpoint: E,
): <H extends (call: EndpointCall<E>) => Promise<EndpointResult<E>> | EndpointResult<E>>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<H>,
) => void {
  const decorate = applyDecorators(
    RequestMapping({ method: methods[endpoint.method], path: endpoint.path.replaceAll(/\{([^}]+)\}/g, ':$1') }),
    HttpCode(endpoint.status),
    SetMetadata(ENDPOINT_METADATA, endpoint),
    RouteConfig({ bodyLimitBytes: endpoint.bodyLimitBytes }),
  );
  return (target, key, descriptor) => {
    Call()(target, key, 0);
    decorate(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}
