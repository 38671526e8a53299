import { writeFile } from 'node:fs/promises';

/** One request of a bench: a GET without a body. */
export interface BenchRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The host that every target of a bench serves. */
export const benchHost = 'localhost';

/** Complete requests, one after the other, as they go over the wire. */
export function renderRequests(requests: readonly BenchRequest[]): string {
  return requests
    .map(({ path, headers = {} }) => {
      const lines = Object.entries({ host: benchHost, 'user-agent': 'bench', accept: '*/*', ...headers });
      return `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    })
    .join('');
}

/** Writes requests where the generator reads them. */
export async function writeRequests(file: string, requests: readonly BenchRequest[]): Promise<string> {
  await writeFile(file, renderRequests(requests));
  return file;
}

/**
 * All numbers from 0 below `count` in an order that jumps about and is the same every time, so that neighbours in the order
 * are no neighbours in a table.
 */
export function scattered(count: number): number[] {
  const stride = coprimeStride(count);
  return Array.from({ length: count }, (_, index) => (index * stride) % count);
}

function coprimeStride(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestCommonDivisor(stride, count) !== 1) stride += 1;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
