/** What a TLS client says before anything is encrypted, as far as it matters here. */
export interface ClientHello {
  /** In lower case; null when it names none. */
  readonly serverName: string | null;
}

/** `incomplete`: more has to come; `bad`: not the beginning of TLS, or longer than any client needs. */
export type ClientHelloResult = ClientHello | 'incomplete' | 'bad';

/** Hellos of post-quantum key exchange take about 2 KB. */
const longestHello = 16 * 1024;
const longestRecord = 16 * 1024;
const recordHead = 5;
const messageHead = 4;
/** Clients use one; reading again what has come in many, byte by byte, would cost them little and the server much. */
const mostRecords = 16;
const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
const hostName = 0;

/** Reads a ClientHello from bytes 0 to `length`: RFC 8446, 4.1.2, in one or more records. */
export function readClientHello(bytes: Buffer, length: number): ClientHelloResult {
  const pieces: Buffer[] = [];
  let at = 0;
  while (pieces.length < mostRecords) {
    if (length > at && bytes[at] !== handshakeRecord) return 'bad';
    if (length > at + 1 && bytes[at + 1] !== 3) return 'bad';
    if (length < at + recordHead) return 'incomplete';
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0 || size > longestRecord) return 'bad';
    pieces.push(bytes.subarray(at + recordHead, Math.min(length, at + recordHead + size)));
    at += recordHead + size;
    if (length < at || isWhole(pieces)) return readPieces(pieces);
  }
  return 'bad';
}

function isWhole(pieces: readonly Buffer[]): boolean {
  return readPieces(pieces) !== 'incomplete';
}

function readPieces(pieces: readonly Buffer[]): ClientHelloResult {
  const message = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  if (message.length > 0 && message[0] !== clientHello) return 'bad';
  if (message.length < messageHead) return 'incomplete';
  const end = messageHead + message.readUIntBE(1, 3);
  if (end > longestHello) return 'bad';
  return message.length < end ? 'incomplete' : readMessage(message.subarray(messageHead, end));
}

function readMessage(message: Buffer): ClientHelloResult {
  try {
    const reader = new Reader(message);
    reader.skip(2 + 32);
    reader.block(1);
    reader.block(2);
    reader.block(1);
    return { serverName: reader.isAtEnd ? null : readServerName(reader.block(2)) };
  } catch (cause) {
    if (cause instanceof RangeError) return 'bad';
    throw cause;
  }
}

function readServerName(extensions: Reader): string | null {
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const content = extensions.block(2);
    if (type !== serverNameExtension) continue;
    const names = content.block(2);
    while (!names.isAtEnd) {
      const kind = names.number(1);
      const name = names.block(2).text();
      if (kind === hostName) return /^[\w.-]{1,253}$/.test(name) ? name.toLowerCase() : null;
    }
  }
  return null;
}

/** Reads numbers and length-prefixed blocks. Throws RangeError past the end. */
class Reader {
  #at = 0;
  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  skip(count: number): void {
    if (this.#at + count > this.bytes.length) throw new RangeError('past the end');
    this.#at += count;
  }

  number(size: 1 | 2): number {
    const at = this.#at;
    this.skip(size);
    return this.bytes.readUIntBE(at, size);
  }

  /** A block that follows its own length. */
  block(lengthSize: 1 | 2): Reader {
    const length = this.number(lengthSize);
    const at = this.#at;
    this.skip(length);
    return new Reader(this.bytes.subarray(at, at + length));
  }

  text(): string {
    return this.bytes.toString('latin1');
  }
}
