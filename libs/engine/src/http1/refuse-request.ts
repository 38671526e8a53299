import { HeaderList } from '../execute/header-list.ts';
import { type OwnError, ownError, renderError } from '../execute/own-answer.ts';
import type { Noise } from './admission.ts';
import { type ConnectionOption, writeHeadEnd, writeListedFields, writeOwnFields } from './answer-head.ts';
import type { AnsweredClient } from './answer-writer.ts';
import type { HttpServices } from './services.ts';

/** A request that is no call, and what its head says. */
export interface RefusedRequest {
  readonly noise: Noise;
  readonly method: string;
  readonly expectsContinue: boolean;
}

/** Answers what cannot be understood. The connection is to be closed: where the next request would begin is not known. */
export function refuse(services: HttpServices, client: Pick<AnsweredClient, 'write'>, error: OwnError): void {
  client.write(composeRefusal(services, error, { connection: 'close', isHead: false }));
}

/**
 * Answers a request that is no call.
 * @returns whether the client may go on: only when what is left of the body is short and surely comes.
 */
export function answerNoise(
  services: HttpServices,
  client: AnsweredClient,
  { noise, method, expectsContinue }: RefusedRequest,
): boolean {
  const { drainLimitBytes } = services.limits;
  const rest = client.body === null ? 0 : client.body.leftBytes;
  const isShort = rest !== null && rest <= drainLimitBytes && !(rest > 0 && expectsContinue);
  const keeps = noise.keeps && isShort && client.mayKeep;
  const connection = keeps ? (client.minorVersion === 0 ? 'keep-alive' : null) : 'close';
  client.write(composeRefusal(services, ownError(noise.error), { connection, isHead: method === 'HEAD' }));
  return keeps;
}

/**
 * Puts the answer to a request that is no call into the scratch buffer: always a problem document, because no group is known.
 * @returns its length.
 */
function composeRefusal(
  { requestIds, docsUrl, date, scratch }: HttpServices,
  error: OwnError,
  { connection, isHead }: { connection: ConnectionOption; isHead: boolean },
): number {
  const number = requestIds.next();
  const requestId = requestIds.textOf(number);
  const { contentType, body } = renderError(error, { format: 'problem', requestId, path: '/', docsUrl });
  const bytes = Buffer.from(body);
  const headers = new HeaderList(['Content-Type', contentType]);
  const id = { writeRequestId: (target: Buffer, offset: number) => requestIds.write(target, offset, number) };
  const listed = writeListedFields(scratch.bytes, { status: error.status, headers });
  const at = writeOwnFields(scratch.bytes, listed, date.line, id);
  const end = writeHeadEnd(scratch.bytes, at, { kind: 'length', bytes: bytes.length }, connection);
  return end + (isHead ? 0 : bytes.copy(scratch.bytes, end));
}
