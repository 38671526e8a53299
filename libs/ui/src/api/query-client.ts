import { TollgateError } from '@tollgate/client';
import { QueryClient } from '@tanstack/vue-query';

const attempts = 3;

/** Server state of a page: kept for a moment, read again when somebody comes back, asked again only where that can help. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < attempts && mayPass(error),
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4_000),
      },
      mutations: { retry: false },
    },
  });
}

/** An answer that says no will say no again; a service that is away may be back. */
function mayPass(error: unknown): boolean {
  return !(error instanceof TollgateError) || error.status >= 500 || error.status === 429;
}
