import { engineErrors } from '../engine.errors.ts';
import { incomplete, malformed } from './field-lines.ts';
import type { HeadFault, HeaderBlock } from './header-block.ts';
import { RequestLine, unsupportedVersion } from './request-line.ts';
import { RequestTarget } from './request-target.ts';
import type { TextCache } from './text-cache.ts';

const malformedHead: HeadFault = { error: engineErrors.badRequest, detail: 'the request is malformed' };
const foreignVersion: HeadFault = {
  error: engineErrors.versionNotSupported,
  detail: engineErrors.versionNotSupported.title,
};
const tooLarge: HeadFault = { error: engineErrors.headTooLarge, detail: engineErrors.headTooLarge.title };
const codingInOldVersion: HeadFault = {
  error: engineErrors.badRequest,
  detail: 'Transfer-Encoding is not part of HTTP/1.0',
};

/** Reads request heads. One serves all connections of a process: its results are taken before the next head is read. */
export class HeadReader {
  readonly line = new RequestLine();
  /** Method and target of the head just read. */
  readonly request: RequestTarget;
  /** Why the head just read is refused. */
  fault: HeadFault = malformedHead;
  readonly #limitBytes: number;

  /** @param limitBytes of request line and header section together; beyond: 431. */
  constructor(limitBytes: number, texts: TextCache) {
    this.#limitBytes = limitBytes;
    this.request = new RequestTarget(texts);
  }

  /**
   * @param block the header section that came last on this connection: it is kept when the same comes again, else read into.
   * @returns the position behind the head, {@link incomplete}, or {@link malformed} with the reason in {@link fault}.
   */
  read(bytes: Buffer, start: number, end: number, block: HeaderBlock): number {
    const { line } = this;
    const lineEnd = line.read(bytes, start, end);
    if (lineEnd <= 0) return this.#unfinished(lineEnd, end - start);
    let headEnd = lineEnd + block.length;
    if (!block.isAt(bytes, lineEnd, end)) {
      headEnd = block.read(bytes, lineEnd, end);
      if (headEnd === malformed) return this.#refuse(block.fault);
      if (headEnd <= 0) return this.#unfinished(headEnd, end - start);
    }
    if (headEnd - start > this.#limitBytes) return this.#refuse(tooLarge);
    if (line.minorVersion === 0 && block.isChunked) return this.#refuse(codingInOldVersion);
    const fault = this.request.read(bytes, line, block.authority);
    return fault === null ? headEnd : this.#refuse(fault);
  }

  #unfinished(result: number, available: number): number {
    if (result === unsupportedVersion) return this.#refuse(foreignVersion);
    if (result === malformed) return this.#refuse(malformedHead);
    return available > this.#limitBytes ? this.#refuse(tooLarge) : incomplete;
  }

  #refuse(fault: HeadFault): number {
    this.fault = fault;
    return malformed;
  }
}
