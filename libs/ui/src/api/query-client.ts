import { TollgateError } from '@tollgate/client';
import { QueryClient } from '@tanstack/vue-query';

const attempts = 3;

/** Server state of a page: kept for a moment, read again when somebody comes back, asked again only where that can help. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Asks even where the browser believes to be offline: then the page says so instead of waiting in silence.
        networkMode: 'always',
        refetchOnReconnect: true,
        staleTime: 5_000,
        retry: (failures, error) => failures < attempts && mayPass(error),
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4_000),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** An answer that says no will say no again; a service that is away may be back. Who waited for a whole timeout has waited enough. */
function mayPass(error: unknown): boolean {
  if (error instanceof DOMException && error.name === 'TimeoutError') return false;
  return !(error instanceof TollgateError) || error.status >= 500 || error.status === 429;
}
