import { useQueryClient } from '@tanstack/vue-query';
import { onBeforeUnmount, onMounted } from 'vue';
import { type LiveChange, staleKeys } from './live-topics.ts';

/** What one tab tells the others. */
type News = { readonly kind: 'changed'; readonly change: LiveChange } | { readonly kind: 'resync' };

const name = 'tollgate.live';

/**
 * Reads again what the server says has changed, without a reload. Of all tabs of a browser one holds the stream and tells the others, for a
 * browser opens only a few connections to one host.
 */
export function useLive(): void {
  const queryClient = useQueryClient();
  const abort = new AbortController();
  let channel: BroadcastChannel | undefined;

  function take(news: News): void {
    if (news.kind === 'resync') return void queryClient.invalidateQueries();
    const stale = staleKeys[news.change.topic];
    void queryClient.invalidateQueries({ predicate: ({ queryKey: [noun] }) => stale.includes(String(noun)) });
  }

  function tell(news: News): void {
    take(news);
    channel?.postMessage(news);
  }

  /** Holds the stream until the page goes. */
  function listen(): Promise<void> {
    return new Promise((resolve) => {
      if (abort.signal.aborted) return resolve();
      const source = new EventSource('/api/v1/live');
      source.addEventListener('changed', ({ data }: MessageEvent<string>) =>
        tell({ kind: 'changed', change: JSON.parse(data) as LiveChange }),
      );
      source.addEventListener('resync', () => tell({ kind: 'resync' }));
      abort.signal.addEventListener('abort', () => {
        source.close();
        resolve();
      });
    });
  }

  onMounted(() => {
    channel = new BroadcastChannel(name);
    channel.addEventListener('message', ({ data }: MessageEvent<News>) => take(data));
    // The next tab takes over as soon as this one is closed.
    if (isSecureContext) navigator.locks.request(name, { signal: abort.signal }, listen).catch(() => undefined);
    else void listen();
  });
  onBeforeUnmount(() => {
    abort.abort();
    channel?.close();
  });
}
