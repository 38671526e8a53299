import { context, propagation } from '@opentelemetry/api';
import { type ServiceName } from '@tollgate/contracts';
import { commonErrors, type ErrorDefinition, problem } from '@tollgate/contracts/errors';
import type { Endpoint } from '@tollgate/contracts/rest';
import { ApiError, type PlatformConfig } from '@tollgate/platform';
import type { z } from 'zod';
import type { ServiceTokens } from '../tokens/service-tokens.ts';

type In<S> = S extends z.ZodType ? z.input<S> : never;
type PartOf<K extends string, S> = S extends z.ZodUndefined
  ? unknown
  : S extends z.ZodType
    ? { [key in K]: In<S> }
    : unknown;

/** Input of a call, by the endpoint's declaration. */
export type ServiceCall<E> =
  E extends Endpoint<infer P, infer Q, infer B>
    ? PartOf<'params', P> & Partial<PartOf<'query', Q>> & PartOf<'body', B> & { tenantId?: string; timeoutMs?: number }
    : never;

/** Result of a call, by the endpoint's declaration. */
export type ServiceResult<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never;

interface LooseCall {
  params?: Record<string, string | number>;
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  tenantId?: string;
  timeoutMs?: number;
}

const defaultTimeoutMs = 5000;

/** Where each service answers. */
export function serviceUrls(config: PlatformConfig): Partial<Record<ServiceName, string>> {
  return {
    iam: config.IAM_URL,
    'gateway-manager': config.GATEWAY_MANAGER_URL,
    'policy-manager': config.POLICY_MANAGER_URL,
    'developer-portal': config.DEVELOPER_PORTAL_URL,
    analytics: config.ANALYTICS_URL,
  };
}

/** Calls other services' internal endpoints, typed by their declarations, with a signed service token and the current trace context. */
export class ServiceClient {
  constructor(
    private readonly tokens: ServiceTokens,
    private readonly urls: Partial<Record<ServiceName, string>>,
  ) {}

  /**
   * @throws ApiError with the other service's error when it answers with a problem of the caller's making (4xx),
   * `internal.unavailable` when it does not answer or fails.
   */
  async call<E extends Endpoint>(endpoint: E, call: ServiceCall<E>): Promise<ServiceResult<E>> {
    const input = call as LooseCall;
    const response = await this.send(endpoint, input);
    if (response.status === 204) return undefined as ServiceResult<E>;
    const body: unknown = await response.json().catch((cause: unknown) => {
      throw new ApiError(commonErrors.unavailable, { cause });
    });
    if (response.ok) return (endpoint.response?.parse(body) ?? undefined) as ServiceResult<E>;
    const parsed = problem.safeParse(body);
    if (response.status >= 500 || !parsed.success) throw new ApiError(commonErrors.unavailable, { cause: body });
    const { code, status, title, detail, errors } = parsed.data;
    const definition: ErrorDefinition = { code, status, title, operator: `answered by ${endpoint.service}` };
    throw new ApiError(definition, {
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors }),
    });
  }

  private async send(endpoint: Endpoint, input: LooseCall): Promise<Response> {
    const base = this.urls[endpoint.service];
    if (base === undefined) throw new Error(`no address is known for ${endpoint.service}`);
    const path = endpoint.path.replaceAll(/\{([^}]+)\}/g, (_match, name: string) =>
      encodeURIComponent(String(input.params?.[name] ?? '')),
    );
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(input.query ?? {}))
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = {
      authorization: `Bearer ${await this.tokens.sign(endpoint.service, input.tenantId)}`,
    };
    if (input.body !== undefined) headers['content-type'] = 'application/json';
    propagation.inject(context.active(), headers);
    try {
      return await fetch(url, {
        method: endpoint.method,
        headers,
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
        signal: AbortSignal.timeout(input.timeoutMs ?? defaultTimeoutMs),
      });
    } catch (cause) {
      throw new ApiError(commonErrors.unavailable, { cause });
    }
  }
}
