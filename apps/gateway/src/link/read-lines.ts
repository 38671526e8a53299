import type { Readable } from 'node:stream';

const maxLineBytes = 8 * 1024 * 1024;
const newline = 0x0a;

/**
 * The lines of a stream.
 * @param onBytes is called for every piece that arrives, also one that ends no line.
 * @throws Error when a line is longer than 8 MiB.
 */
export async function* readLines(stream: Readable, onBytes: () => void): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onBytes();
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > maxLineBytes) throw new Error('a line of the config stream is too long');
  }
}
