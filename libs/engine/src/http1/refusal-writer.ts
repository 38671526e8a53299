import { HeaderList } from '../execute/header-list.ts';
import { type OwnError, renderError } from '../execute/own-answer.ts';
import { type ConnectionOption, writeHeadEnd, writeListedFields } from './answer-head.ts';
import type { HttpServices } from './services.ts';

/**
 * Puts the answer to a request that is no call into the scratch buffer: always a problem document, because no group is known.
 * @returns its length.
 */
export function composeRefusal(
  { requestIds, docsUrl, date, scratch }: HttpServices,
  error: OwnError,
  { connection, isHead }: { connection: ConnectionOption; isHead: boolean },
): number {
  const number = requestIds.next();
  const requestId = requestIds.textOf(number);
  const { contentType, body } = renderError(error, { format: 'problem', requestId, path: '/', docsUrl });
  const bytes = Buffer.from(body);
  const headers = new HeaderList(['Content-Type', contentType]);
  const end = writeHeadEnd(scratch.bytes, writeListedFields(scratch.bytes, { status: error.status, headers }), {
    id: { writeRequestId: (target, offset) => requestIds.write(target, offset, number) },
    dateLine: date.line,
    framing: { kind: 'length', bytes: bytes.length },
    connection,
  });
  return end + (isHead ? 0 : bytes.copy(scratch.bytes, end));
}
