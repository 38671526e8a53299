import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** What both kinds of answers, HTTP/1.1's and HTTP/2's, have in common. */
interface Answer {
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  write(chunk: Buffer): boolean;
  end(): unknown;
  once(event: 'drain', listener: () => void): unknown;
}

const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'te',
]);

/** Headers that may go on: neither those of the connection nor HTTP/2's own. */
export function passedOn<Headers extends IncomingHttpHeaders>(headers: Headers): OutgoingHttpHeaders {
  const passed: OutgoingHttpHeaders = {};
  for (const name in headers) if (!connectionHeaders.has(name) && !name.startsWith(':')) passed[name] = headers[name];
  return passed;
}

/** Copies the upstream's answer, without more machinery than undici itself has. */
export class CopyingHandler implements Dispatcher.DispatchHandler {
  readonly #answer: Answer;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  /** Without it undici takes the handler for one of its older kind. */
  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#answer.writeHead(status, passedOn(headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#answer.write(chunk)) return;
    controller.pause();
    this.#answer.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#answer.end();
  }

  onResponseError(): void {
    this.#answer.writeHead(502, {});
    this.#answer.end();
  }
}
