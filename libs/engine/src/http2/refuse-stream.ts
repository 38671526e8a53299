import { constants, type ServerHttp2Stream } from 'node:http2';
import { type OwnError, renderError } from '../execute/own-answer.ts';
import type { HttpServices } from '../http1/services.ts';
import { grpcMessageOf, grpcStatusOf } from './grpc-status.ts';

/** Why a stream is refused, and how its client is told. */
export interface Refusal {
  readonly error: OwnError;
  readonly isHead: boolean;
  readonly isGrpc: boolean;
}

/** Answers a request that is no call: always with a problem document, because no group is known, or as gRPC takes errors. */
export function refuseStream(
  stream: ServerHttp2Stream,
  { requestIds, docsUrl, date }: HttpServices,
  { error, isHead, isGrpc }: Refusal,
): void {
  const requestId = requestIds.textOf(requestIds.next());
  const common = ['date', date.text, 'x-request-id', requestId];
  if (isGrpc) {
    const status = ['grpc-status', String(grpcStatusOf(error.status)), 'grpc-message', grpcMessageOf(error.detail)];
    const headers = [':status', '200', 'content-type', 'application/grpc', ...status, ...common];
    stream.respond(headers, { endStream: true });
  } else {
    const { contentType, body } = renderError(error, { format: 'problem', requestId, path: '/', docsUrl });
    const bytes = Buffer.from(body);
    const content = ['content-type', contentType, 'content-length', String(bytes.length)];
    stream.respond([':status', String(error.status), ...content, ...common], { endStream: isHead });
    if (!isHead) stream.end(bytes);
  }
  // What may still come of a body is not read.
  if (!stream.endAfterHeaders) stream.close(constants.NGHTTP2_NO_ERROR);
}
