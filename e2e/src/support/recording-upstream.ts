import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Header by which the caller knows that an answer came from the upstream and not from the gateway. */
export const upstreamMark = 'x-recording-upstream';

/** A back end that answers everything with 200 and counts what reached it. */
export interface RecordingUpstream {
  url: string;
  /** Requests that arrived so far. */
  received: () => number;
  stop: () => Promise<void>;
}

/** Starts a {@link RecordingUpstream} on a free loopback port. */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    request.resume();
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', [upstreamMark]: 'yes' });
      response.end(JSON.stringify({ method: request.method, path: request.url }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
