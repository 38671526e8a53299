import { liveChange, type LiveChange } from '@tollgate/contracts/rest/console';

/** A stream of live events, as a browser reads it. */
export interface Listening {
  readonly status: number;
  readonly headers: Headers;
  /** What arrived so far, as it stands on the wire. */
  text(): string;
  /** Data of the events `changed` so far. */
  changes(): LiveChange[];
  /** Resolves when the other side ends the stream. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Opens the stream of an edge. */
export async function listen(url: string, headers: Record<string, string>): Promise<Listening> {
  const giveUp = new AbortController();
  const response = await fetch(`${url}/api/v1/live`, { headers, signal: giveUp.signal });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    changes: () =>
      [...text.matchAll(/^event: changed\ndata: (.*)$/gm)].map(([, data]) => liveChange.parse(JSON.parse(data ?? ''))),
    ended: read().catch(() => undefined),
    stop: () => giveUp.abort(),
  };
}
