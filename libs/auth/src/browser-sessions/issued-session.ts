import type { Readable } from 'node:stream';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import { z } from 'zod';
import type { KeptSession } from './browser-session-store.ts';

/** Largest answer of an endpoint that begins a session, in bytes. */
const largestAnswerBytes = 64 * 1024;

const answerSchema = z.looseObject({ token: z.string().min(1), expiresAt: z.iso.datetime() });

/** The session in an answer, and the answer as a browser gets it: without the token. */
export interface SplitAnswer {
  readonly session: KeptSession;
  readonly body: string;
}

async function textOf(payload: unknown): Promise<string> {
  if (typeof payload === 'string') return payload;
  if (Buffer.isBuffer(payload)) return payload.toString();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of payload as Readable) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes > largestAnswerBytes) throw new Error('the answer that begins a session is too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * Takes the token out of the answer of an endpoint that begins a session.
 * @param payload text, bytes or a stream, as Fastify is about to send it.
 * @throws ApiError `internal.error` when it holds no session: the token must not leave by accident.
 */
export async function splitAnswer(payload: unknown): Promise<SplitAnswer> {
  try {
    const { token, ...rest } = answerSchema.parse(JSON.parse(await textOf(payload)));
    return { session: { token, expiresAt: new Date(rest.expiresAt) }, body: JSON.stringify(rest) };
  } catch (cause) {
    throw new ApiError(commonErrors.internal, { cause });
  }
}
