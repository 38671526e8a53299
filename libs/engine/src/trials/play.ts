import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { type TryBody, tryBodyLimitBytes, type TryRequest, type TryResponse } from '@tollgate/contracts/dataplane';
import { sinceMs } from './watch-policy.ts';

/** The client got no whole answer: it broke off, or took too long. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

const mostFields = 500;

/** Sends a request on a connection of its own and reads the answer, up to the limit. @throws NotAnswered */
export async function play(
  connection: Duplex,
  { request, host, withinMs }: { readonly request: TryRequest; readonly host: string; readonly withinMs: number },
): Promise<TryResponse> {
  const startedAt = performance.now();
  const late = setTimeout(() => connection.destroy(new NotAnswered('there was no answer in time')), withinMs);
  try {
    const answer = await send(connection, request, host);
    const { body, truncated } = await readBody(answer);
    return {
      status: answer.statusCode ?? 0,
      headers: fieldsOf(answer.rawHeaders),
      body: written(body),
      bodyBytes: body.length,
      truncated,
      durationMs: sinceMs(startedAt),
    };
  } catch (cause) {
    throw cause instanceof NotAnswered ? cause : new NotAnswered('the answer broke off', { cause });
  } finally {
    clearTimeout(late);
    connection.destroy();
  }
}

function send(connection: Duplex, request: TryRequest, host: string): Promise<IncomingMessage> {
  const { method, path, query, headers, body } = request;
  const content = body === null ? null : Buffer.from(body.content, body.encoding === 'text' ? 'utf8' : 'base64');
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = sendRequest(
      {
        createConnection: () => connection,
        method,
        path: query === '' ? path : `${path}?${query}`,
        setHost: false,
        headers: ['host', host, ...headers.flatMap(({ name, value }) => [name, value]), ...framingOf(content)],
      },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(content ?? undefined);
  });
}

function framingOf(content: Buffer | null): string[] {
  return ['connection', 'close', ...(content === null ? [] : ['content-length', String(content.length)])];
}

async function readBody(answer: IncomingMessage): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > tryBodyLimitBytes) break;
  }
  const whole = Buffer.concat(chunks);
  return { body: whole.subarray(0, tryBodyLimitBytes), truncated: length > tryBodyLimitBytes };
}

/** As text where it is UTF-8, else in base64. */
function written(body: Buffer): TryBody {
  try {
    return { encoding: 'text', content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { encoding: 'base64', content: body.toString('base64') };
  }
}

function fieldsOf(raw: readonly string[]): TryResponse['headers'] {
  const fields: TryResponse['headers'] = [];
  for (let index = 0; index < raw.length && fields.length < mostFields; index += 2) {
    fields.push({ name: raw[index] ?? '', value: raw[index + 1] ?? '' });
  }
  return fields;
}
