import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for another service's internal endpoints in a suite: answers what it was given by path, else not found. */
export interface StandIn {
  readonly url: string;
  /** JSON answers by path without query. */
  readonly answers: Map<string, unknown>;
  /** Paths asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Starts a stand-in on a free loopback port. What it does not know it asks `fallbackUrl` for, where there is one. */
export async function startStandIn(fallbackUrl?: string): Promise<StandIn> {
  const answers = new Map<string, unknown>();
  const asked: string[] = [];
  const answerOf = async (path: string): Promise<{ status: number; body: string }> => {
    if (answers.has(path)) return { status: 200, body: JSON.stringify(answers.get(path)) };
    if (fallbackUrl !== undefined) return { status: 200, body: await (await fetch(new URL(path, fallbackUrl))).text() };
    const problem = {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      code: 'resource.not_found',
      requestId: '1',
    };
    return { status: 404, body: JSON.stringify(problem) };
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    asked.push(path);
    void answerOf(path).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
