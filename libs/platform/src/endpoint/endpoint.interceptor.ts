import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Endpoint, FileAnswer } from '@tollgate/contracts/rest';
import type { FastifyReply } from 'fastify';
import { defer, from, lastValueFrom, type Observable } from 'rxjs';
import { ApiError } from '../errors/api-error.ts';
import type { PlatformConfig } from '../config/platform-config.ts';
import { languageHeaders } from '../languages/language-of-request.ts';
import { spokenLanguage } from '../languages/spoken-language.ts';
import { deriveKey, open, seal } from '../secrets/derive.ts';
import { IDEMPOTENCY_STORE, PLATFORM_CONFIG } from '../tokens.ts';
import type { IdempotencyKey, IdempotencyStore } from './idempotency.port.ts';
import { ENDPOINT_METADATA, type EndpointRequest } from './implements.ts';
import { parseCall } from './parse-call.ts';
import { fileContent } from './send-file.ts';
import { translateAt } from './translate-answer.ts';

const keyFormat = /^[\x21-\x7e]{1,128}$/;

/** Parses the call, replays idempotent creates, and shapes the answer by the endpoint's schema: what the schema does not name does not leave. */
@Injectable()
export class EndpointInterceptor implements NestInterceptor {
  private readonly sealingKey: Buffer;

  constructor(
    @Inject(PLATFORM_CONFIG) config: PlatformConfig,
    @Optional() @Inject(IDEMPOTENCY_STORE) private readonly store: IdempotencyStore | undefined,
  ) {
    this.sealingKey = deriveKey(config.TOLLGATE_MASTER_KEY, 'idempotent-responses');
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const endpoint = Reflect.getMetadata(ENDPOINT_METADATA, context.getHandler()) as Endpoint;
    const request = context.switchToHttp().getRequest<EndpointRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return defer(() => from(this.answer(endpoint, request, reply, next)));
  }

  private async answer(
    endpoint: Endpoint,
    request: EndpointRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const call = parseCall(request, endpoint);
    request.endpointCall = call;
    void reply.header('cache-control', 'no-store');
    if (endpoint.inLanguages !== undefined) void reply.headers(languageHeaders(call.language));
    const key = this.readKey(endpoint, request);
    if (key === undefined || this.store === undefined || call.dryRun) return this.run(endpoint, reply, next);

    const seen = await this.store.begin(key);
    switch (seen.state) {
      case 'running':
        throw new ApiError(commonErrors.idempotencyInProgress, { headers: { 'retry-after': '1' } });
      case 'mismatch':
        throw new ApiError(commonErrors.idempotencyMismatch);
      case 'done':
        void reply.header('idempotent-replayed', 'true');
        return this.shape(
          endpoint,
          reply,
          JSON.parse(open(this.sealingKey, seen.response, key.operationId).toString()),
        );
      case 'new':
        break;
    }
    let result: unknown;
    try {
      result = await this.run(endpoint, reply, next);
    } catch (error) {
      await this.store.abandon(key);
      throw error;
    }
    await this.store.complete(
      key,
      endpoint.status,
      seal(this.sealingKey, JSON.stringify(result ?? null), key.operationId),
    );
    return result;
  }

  private readKey(endpoint: Endpoint, request: EndpointRequest): IdempotencyKey | undefined {
    const header = request.headers['idempotency-key'];
    if (header === undefined || endpoint.kind !== 'create' || endpoint.withoutIdempotencyKey !== undefined)
      return undefined;
    if (typeof header !== 'string' || !keyFormat.test(header)) {
      throw new ApiError(commonErrors.invalid, {
        errors: [{ pointer: '/headers/idempotency-key', message: 'Up to 128 visible ASCII characters.' }],
      });
    }
    if (request.principal === undefined) return undefined;
    return {
      tenantId: request.principal.tenantId,
      principalId: request.principal.id,
      operationId: endpoint.operationId,
      key: header,
      requestHash: createHash('sha256')
        .update(JSON.stringify([request.url, request.body]))
        .digest('hex'),
    };
  }

  private async run(endpoint: Endpoint, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    return this.shape(endpoint, reply, await lastValueFrom(next.handle(), { defaultValue: undefined }));
  }

  private shape(endpoint: Endpoint, reply: FastifyReply, result: unknown): unknown {
    if (endpoint.response === undefined) return undefined;
    if (endpoint.file !== undefined) return fileContent(reply, result as FileAnswer);
    const shaped = translateAt(endpoint.response.parse(result), endpoint.inLanguages, spokenLanguage());
    if (typeof shaped === 'object' && shaped !== null && 'version' in shaped && typeof shaped.version === 'number') {
      void reply.header('etag', `"${shaped.version}"`);
    }
    return shaped;
  }
}
