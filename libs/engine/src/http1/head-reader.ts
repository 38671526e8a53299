import { engineErrors } from '../engine.errors.ts';
import { FieldLines, incomplete, malformed } from './field-lines.ts';
import { type HeadFault, HeaderBlock } from './header-block.ts';
import { RequestLine, unsupportedVersion } from './request-line.ts';

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
  /** The header section of the head just read. */
  block: HeaderBlock | null = null;
  /** Why the head just read is refused. */
  fault: HeadFault = malformedHead;
  readonly #fields = new FieldLines();

  /** @param limitBytes of request line and header section together; beyond: 431. */
  constructor(private readonly limitBytes: number) {}

  /**
   * @param remembered the header section that came last on this connection; when the same comes again it is used again.
   * @returns the position behind the head, {@link incomplete}, or {@link malformed} with the reason in {@link fault}.
   */
  read(bytes: Buffer, start: number, end: number, remembered: HeaderBlock | null): number {
    const lineEnd = this.line.read(bytes, start, end);
    if (lineEnd <= 0) return this.#unfinished(lineEnd, end - start);
    if (remembered?.isAt(bytes, lineEnd, end) === true) {
      this.block = remembered;
      return this.#checked(lineEnd + remembered.bytes.length - start, lineEnd + remembered.bytes.length);
    }
    const headEnd = this.#fields.read(bytes, lineEnd, end);
    if (headEnd <= 0) return this.#unfinished(headEnd, end - start);
    const block = HeaderBlock.from(bytes, this.#fields, lineEnd, headEnd);
    if ('error' in block) return this.#refuse(block);
    this.block = block;
    return this.#checked(headEnd - start, headEnd);
  }

  #checked(length: number, headEnd: number): number {
    if (length > this.limitBytes) return this.#refuse(tooLarge);
    if (this.line.minorVersion === 0 && this.block?.isChunked === true) return this.#refuse(codingInOldVersion);
    return headEnd;
  }

  #unfinished(result: number, available: number): number {
    if (result === unsupportedVersion) return this.#refuse(foreignVersion);
    if (result === malformed) return this.#refuse(malformedHead);
    return available > this.limitBytes ? this.#refuse(tooLarge) : incomplete;
  }

  #refuse(fault: HeadFault): number {
    this.fault = fault;
    return malformed;
  }
}
