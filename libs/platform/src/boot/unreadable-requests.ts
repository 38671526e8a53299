import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { commonErrors, type ErrorDefinition } from '@tollgate/contracts/errors';
import { ApiError } from '../errors/api-error.ts';
import { toProblem } from '../errors/problem-filter.ts';

/** What Node's parser says of requests that never become one; whatever else it says, they are malformed. */
const byCode: Readonly<Record<string, ErrorDefinition>> = {
  HPE_HEADER_OVERFLOW: commonErrors.headTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: commonErrors.timeout,
};

/**
 * Answers what cannot be read as a request with a problem document, as everything else is answered, and closes the connection.
 * @param docsUrl the address under which error codes are explained.
 */
export function answerUnreadable(docsUrl: string): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const definition = byCode[error.code ?? ''] ?? commonErrors.malformed;
    const id = randomUUID();
    const body = JSON.stringify(toProblem(new ApiError(definition), { id, url: '/' }, docsUrl));
    const lines = [
      `HTTP/1.1 ${definition.status} ${STATUS_CODES[definition.status] ?? ''}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${id}`,
      'connection: close',
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  };
}
