import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** How a registry is asked. */
export interface RegistryRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM; undefined = the public authorities. */
  readonly ca: string | undefined;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** An answer with a body that was read to its end. */
export interface RegistryAnswer {
  readonly headers: IncomingMessage['headers'];
  readonly json: unknown;
}

/** A whole answer, and one line of a stream of them. */
const maxAnswerBytes = 8 * 1024 * 1024;
const maxLineBytes = 1024 * 1024;

/** Asks for a JSON document of bounded size. Rejects with a reason for people; other statuses than 200 are failures. */
export async function askRegistry(request: RegistryRequest): Promise<RegistryAnswer> {
  const answer = await send(request);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error(`the answer is longer than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return { headers: answer.headers, json: parseJson(Buffer.concat(chunks).toString('utf8')) };
}

/** Reads an answer of which each line is a JSON document, as it comes; ends when the registry ends it. */
export async function* streamRegistry(request: RegistryRequest): AsyncGenerator<unknown> {
  const answer = await send(request);
  let rest = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineBytes) throw new Error(`a line of the stream is longer than ${maxLineBytes} bytes`);
    for (const line of lines) if (line.trim() !== '') yield parseJson(line);
  }
}

/** A secret that stands in the options or in a file, which is read anew each time because it may be rotated. */
export async function readSecret(value: string | undefined, file: string | undefined): Promise<string | undefined> {
  return file === undefined ? value : (await readFile(file, 'utf8')).trim();
}

/** The authority that registries are checked against: PEM in the options or in a file, which is read anew each time, too. */
export async function readAuthority(value: string | undefined, file: string | undefined): Promise<string | undefined> {
  return file === undefined ? value : readFile(file, 'utf8');
}

async function send({ url, headers, ca, timeoutMs, signal }: RegistryRequest): Promise<IncomingMessage> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise((resolve, reject) => {
    const options = { headers, signal: bounded, agent: false };
    const outgoing =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, ...(ca === undefined ? {} : { ca }) }, settle)
        : requestHttp(url, options, settle);
    function settle(answer: IncomingMessage): void {
      // The abort that ends reading also comes as an error here.
      answer.on('error', () => undefined);
      if (answer.statusCode === 200) {
        resolve(answer);
        return;
      }
      answer.destroy();
      reject(new Error(`the registry answered with status ${answer.statusCode ?? 0}`));
    }
    outgoing.once('error', (cause) => {
      const isLate = bounded.aborted && !signal.aborted;
      reject(isLate ? new Error('the registry did not answer in time') : new Error(`the registry: ${cause.message}`));
    });
    outgoing.end();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the registry answered with what is not JSON');
  }
}
