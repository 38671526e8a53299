import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Node } from '../balancing/balancer.ts';
import type { AddressGuard, EgressSubject } from '../upstream/address-guard.ts';
import { assertLiteralAllowed, guardedLookup } from '../upstream/guarded-lookup.ts';
import type { UpstreamPool, UpstreamTimeouts } from '../upstream/upstream-pool.ts';

/** The upstream took longer than a timeout allows. */
export class UpstreamTimeoutError extends Error {
  override readonly name = 'UpstreamTimeoutError';
}

/** What is sent to one node. */
export interface AttemptRequest {
  readonly pool: UpstreamPool;
  readonly node: Node;
  readonly timeouts: UpstreamTimeouts;
  readonly guard: AddressGuard;
  readonly subject: EgressSubject;
  readonly method: string;
  readonly target: string;
  /** Name, value, name, value …, Host and framing included. */
  readonly headers: readonly string[];
  readonly headLimitBytes: number;
}

/** What can come of it; exactly one of the last three is called, once. */
export interface AttemptEvents {
  /** The connection stands: the body may be sent. */
  connected(request: ClientRequest): void;
  answered(response: IncomingMessage): void;
  upgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** No answer. `wasSent` tells whether the node may have seen the request, `wasStale` whether a kept connection broke. */
  failed(cause: Error, state: { wasSent: boolean; wasStale: boolean }): void;
}

/** Sends a request to one node and waits for the head of its answer. Throws only when the address is refused at once. */
export function attempt(options: AttemptRequest, events: AttemptEvents): ClientRequest {
  const { pool, node, timeouts, guard, subject } = options;
  assertLiteralAllowed(guard, { ...subject, host: node.host });
  const send = pool.scheme === 'https' ? httpsRequest : httpRequest;
  const hostHeader = options.headers[1] ?? node.host;
  const servername = hostHeader.replace(/:\d+$/, '');
  const request = send({
    agent: pool.agent,
    host: node.host,
    port: node.port,
    method: options.method,
    path: options.target,
    headers: options.headers,
    lookup: guardedLookup(guard, { ...subject, host: node.host }),
    maxHeaderSize: options.headLimitBytes,
    timeout: timeouts.sendMs,
    ...(pool.scheme === 'https' && isIP(servername) === 0 ? { servername } : {}),
  });
  let state: 'waiting' | 'sent' | 'settled' = 'waiting';
  let answer: IncomingMessage | undefined;
  request.once('finish', () => request.setTimeout(timeouts.readMs));
  request.once('socket', (socket) => {
    whenConnected(socket, pool.scheme, timeouts.connectMs, (isTimeout) => {
      if (isTimeout) {
        request.destroy(new UpstreamTimeoutError(`no connection to ${node.name} in ${timeouts.connectMs} ms`));
      } else if (state === 'waiting') {
        state = 'sent';
        events.connected(request);
      }
    });
  });
  request.on('timeout', () => {
    const cause = new UpstreamTimeoutError(`no progress of ${node.name} within its timeouts`);
    if (answer === undefined) request.destroy(cause);
    else if (!answer.isPaused()) answer.destroy(cause);
  });
  request.once('response', (response) => {
    state = 'settled';
    answer = response;
    events.answered(response);
  });
  request.once('upgrade', (response, socket, head) => {
    state = 'settled';
    events.upgraded(response, socket, head);
  });
  request.on('error', (cause) => {
    if (state === 'settled') return;
    const wasSent = state === 'sent';
    state = 'settled';
    events.failed(cause, { wasSent, wasStale: request.reusedSocket });
  });
  return request;
}

/** Calls back once: when the connection stands, or with true when it takes longer than `timeoutMs`. */
function whenConnected(socket: Socket, scheme: string, timeoutMs: number, done: (isTimeout: boolean) => void): void {
  if (!socket.connecting) {
    done(false);
    return;
  }
  const connected = scheme === 'https' ? 'secureConnect' : 'connect';
  const finish = (isTimeout: boolean) => {
    clearTimeout(timer);
    socket.off(connected, succeed);
    socket.off('close', stop);
    done(isTimeout);
  };
  const succeed = () => finish(false);
  const stop = () => clearTimeout(timer);
  const timer = setTimeout(() => finish(true), timeoutMs);
  socket.once(connected, succeed);
  socket.once('close', stop);
}
