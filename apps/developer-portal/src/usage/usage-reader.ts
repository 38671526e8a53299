import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { readUsage, type Usage, type UsageRange } from '@tollgate/contracts/rest/analytics';
import { ApiError } from '@tollgate/platform';

/** Whose calls. */
export type UsageOf = { readonly subscriptionId: string } | { readonly applicationId: string };

/** Reads counted calls from `analytics`, which owns them, as they are asked for: what is shown is never a copy that lags or is zero by mistake. */
@Injectable()
export class UsageReader {
  constructor(@Inject(ServiceClient) private readonly client: ServiceClient) {}

  /**
   * Not within a unit of work: it waits for another service.
   * @throws ApiError `internal.unavailable` when `analytics` does not answer, else its refusal.
   */
  async read(tenantId: string, whose: UsageOf, range: UsageRange): Promise<Usage> {
    try {
      return await this.client.call(readUsage, { tenantId, query: { ...range, ...whose } });
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.definition.code !== commonErrors.unavailable.code) throw cause;
      const detail = 'Usage cannot be read at present. Calls are counted all the same; try again in a moment.';
      throw new ApiError(commonErrors.unavailable, { detail, cause });
    }
  }
}
