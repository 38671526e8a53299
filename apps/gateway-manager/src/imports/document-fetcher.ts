import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { gatewayErrors, maxFetchedDocumentBytes } from '@tollgate/contracts/rest/gateway';
import { AnswerTooLargeError, EgressRefusedError, GuardedHttp, type GuardedResponse } from '@tollgate/egress';
import { ApiError, PLATFORM_CONFIG } from '@tollgate/platform';
import type { GatewayManagerConfig } from '../config.ts';

/** Redirects followed at most; each is checked like the first address. */
const maxRedirects = 3;
/** For all of it, redirects included. */
const timeoutMs = 10_000;
const accept = 'application/json, application/yaml;q=0.9, */*;q=0.5';

/** Fetches documents from addresses that tenants choose, through the egress guard, so that nothing inside can be explored. */
@Injectable()
export class DocumentFetcher implements OnModuleDestroy {
  readonly #http: GuardedHttp;

  constructor(@Inject(PLATFORM_CONFIG) { EGRESS_ALLOWED_RANGES: allowedRanges }: GatewayManagerConfig) {
    this.#http = new GuardedHttp({ allowedRanges });
  }

  /**
   * The text at an address, whatever type it says it is.
   * @throws ApiError `gateway.document_address_refused`, `gateway.document_unreachable`, `gateway.document_not_found`, `gateway.document_too_large`
   */
  async fetch(url: string): Promise<string> {
    const { status, body } = await this.#send(url);
    if (status >= 200 && status < 300) return body.toString('utf8');
    if (status >= 300 && status < 400) {
      throw refusal(gatewayErrors.documentUnreachable, `It redirects more than ${maxRedirects} times.`);
    }
    throw refusal(gatewayErrors.documentNotFound, `The address answered with status ${status}.`);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#http.close();
  }

  async #send(url: string): Promise<GuardedResponse> {
    try {
      return await this.#http.fetch(url, {
        // A body that nobody unpacks cannot grow while it is.
        headers: { accept, 'accept-encoding': 'identity' },
        maxBytes: maxFetchedDocumentBytes,
        maxRedirects,
        timeoutMs,
      });
    } catch (cause) {
      throw refusalOf(cause);
    }
  }
}

/** Which of the ways it failed; what exactly went wrong inside a network is nobody's business. */
function refusalOf(cause: unknown): ApiError {
  if (cause instanceof EgressRefusedError) {
    return refusal(gatewayErrors.documentAddressRefused, `${cause.message}.`, cause);
  }
  if (cause instanceof AnswerTooLargeError) {
    return refusal(gatewayErrors.documentTooLarge, 'Send its text instead; that may have up to 20 MiB.', cause);
  }
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  const message = isLate
    ? `It did not answer within ${timeoutMs / 1000} seconds.`
    : 'The name is not known, nobody answers there, or the connection broke.';
  return refusal(gatewayErrors.documentUnreachable, message, cause);
}

function refusal(definition: ErrorDefinition, message: string, cause?: unknown): ApiError {
  return new ApiError(definition, { errors: [{ pointer: '/url', message }], cause });
}
