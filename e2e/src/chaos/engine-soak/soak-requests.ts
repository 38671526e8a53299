import { chunk } from '../../http/chunked-body.ts';
import { valuesOf } from '../../http/header-fields.ts';
import type { WireAnswer } from '../../http/answer-parser.ts';
import { pathOf, sumOf, type Wish } from '../actors/acts.ts';
import { noise } from '../actors/noise.ts';
import type { SeededRandom } from '../random.ts';
import { routes, soakHost } from './soak-group.ts';

/** A request and the one answer that is right. */
export interface CheckedRequest {
  readonly method: string;
  readonly bytes: Buffer;
  /** What is wrong with an answer, or null. */
  readonly faultOf: (answer: WireAnswer) => string | null;
}

/** How a request is written; everything but the wish has a usual value. */
export interface RequestForm {
  readonly route?: string;
  readonly method?: string;
  readonly fields?: string;
  readonly body?: Buffer;
  readonly isChunked?: boolean;
}

/** The bytes of a request. */
export function requestBytes(wish: Wish, { route, method, fields, body, isChunked }: RequestForm = {}): Buffer {
  const start = `${method ?? 'GET'} ${route ?? routes.main}${pathOf(wish)} HTTP/1.1\r\nHost: ${soakHost}\r\n${fields ?? ''}`;
  if (body === undefined) return Buffer.from(`${start}\r\n`);
  if (isChunked !== true) return Buffer.concat([Buffer.from(`${start}Content-Length: ${body.length}\r\n\r\n`), body]);
  const half = Math.ceil(body.length / 2);
  const pieces = [body.subarray(0, half), body.subarray(half)].filter((piece) => piece.length > 0).map(chunk);
  return Buffer.concat([Buffer.from(`${start}Transfer-Encoding: chunked\r\n\r\n`), ...pieces, chunk()]);
}

/** A request for noise, and the check that it is that noise. */
export function fetching(wish: Wish, form: RequestForm = {}): CheckedRequest {
  const method = form.method ?? 'GET';
  return {
    method,
    bytes: requestBytes(wish, form),
    faultOf: ({ status, body, fields }) => {
      if (status !== 200) return `status ${status}: ${body.toString('latin1', 0, 100)}`;
      if (method === 'HEAD')
        return valuesOf(fields, 'content-length')[0] === String(wish.count) ? null : 'another length';
      return body.equals(noise(wish.id, wish.count))
        ? null
        : `${body.length} bytes that are not the ${wish.count} of ${wish.id}`;
    },
  };
}

/** A request with a body, and the check that the upstream got that body. */
export function sending(wish: Wish, isChunked: boolean): CheckedRequest {
  const body = noise(wish.id, wish.count);
  return {
    method: 'POST',
    bytes: requestBytes({ ...wish, act: 'sum' }, { method: 'POST', body, isChunked }),
    faultOf: (answer) => {
      if (answer.status !== 200) return `status ${answer.status}: ${answer.body.toString('latin1', 0, 100)}`;
      return answer.body.toString() === sumOf(body) ? null : `the upstream got ${answer.body.toString()}`;
    },
  };
}

/** One of the requests that make up the load: mostly small, now and then long, with a body, slow, or on an upstream that leaves. */
export function nextRequest(random: SeededRandom): CheckedRequest {
  const id = random.between(0, 1_000_000);
  const dice = random.next();
  if (dice < 0.7) return fetching({ act: 'bytes', id, count: random.between(0, 2_000) });
  if (dice < 0.8) return fetching({ act: 'chunks', id, count: random.between(0, 20_000) });
  if (dice < 0.9) return sending({ act: 'sum', id, count: random.between(0, 8_000) }, random.next() < 0.3);
  if (dice < 0.95) return fetching({ act: 'leave', id, count: random.between(0, 1_000) }, { route: routes.leaving });
  if (dice < 0.98) return fetching({ act: 'bytes', id, count: random.between(20_000, 200_000) });
  if (dice < 0.998) return fetching({ act: 'bytes', id, count: random.between(0, 2_000) }, { method: 'HEAD' });
  return fetching({ act: 'drip', id, count: random.between(10, 20_000) });
}
