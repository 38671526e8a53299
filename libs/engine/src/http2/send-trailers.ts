import type { Http2Stream } from 'node:http2';
import type { HeaderList } from '../execute/header-list.ts';
import { toHeaders } from './to-headers.ts';

/** Ends a stream that waits for trailers, with those given or none; nothing when the stream is gone. */
export function sendTrailers(stream: Http2Stream, trailers: HeaderList | null): void {
  if (!stream.destroyed && !stream.closed) stream.sendTrailers(trailers === null ? {} : toHeaders(trailers));
}
