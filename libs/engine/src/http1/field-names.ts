/** What the engine itself makes of a header field, by name; everything else is passed on. */
export const field = {
  other: 0,
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  expect: 5,
  upgrade: 6,
  /** Concerns one hop only and is dropped: Keep-Alive, Proxy-Connection, TE, Trailer, HTTP2-Settings. */
  hop: 7,
  /** Said by clients and replaced by what the gateway itself knows: X-Forwarded-*, X-Real-IP, Forwarded. */
  forwarded: 8,
  requestId: 9,
  date: 10,
  /** How many of our gateways the request has passed; see `hop-limit.ts`. */
  hops: 11,
} as const;
export type FieldKind = (typeof field)[keyof typeof field];

const names: Readonly<Record<string, FieldKind>> = {
  te: field.hop,
  date: field.date,
  host: field.host,
  expect: field.expect,
  trailer: field.hop,
  upgrade: field.upgrade,
  forwarded: field.forwarded,
  'x-real-ip': field.forwarded,
  connection: field.connection,
  'keep-alive': field.hop,
  'x-request-id': field.requestId,
  'x-tollgate-hops': field.hops,
  'content-length': field.contentLength,
  'http2-settings': field.hop,
  'x-forwarded-for': field.forwarded,
  'proxy-connection': field.hop,
  'x-forwarded-host': field.forwarded,
  'x-forwarded-port': field.forwarded,
  'transfer-encoding': field.transferEncoding,
  'x-forwarded-proto': field.forwarded,
};

interface KnownName {
  readonly bytes: Uint8Array;
  readonly kind: FieldKind;
}

/** By length: few fields share one, so a look-up compares one or two names. */
const byLength: readonly (readonly KnownName[])[] = Array.from({ length: 32 }, (_, length) =>
  Object.entries(names)
    .filter(([name]) => name.length === length)
    .map(([name, kind]) => ({ bytes: Buffer.from(name), kind })),
);

/** The kind of the field whose name stands at `start`. */
export function fieldKindAt(bytes: Uint8Array, start: number, length: number): FieldKind {
  const candidates = length < 32 ? byLength[length]! : [];
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index]!;
    if (isNameAt(bytes, start, candidate.bytes)) return candidate.kind;
  }
  return field.other;
}

/** The kind of a field by its name as text. */
export function fieldKindOf(name: string): FieldKind {
  const lowerCase = name.toLowerCase();
  return Object.hasOwn(names, lowerCase) ? names[lowerCase]! : field.other;
}

/** Whether the lower-case name stands at `start`, in any case. Only for bytes that are tokens. */
export function isNameAt(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let index = 0; index < name.length; index++) {
    if ((bytes[start + index]! | 0x20) !== name[index]!) return false;
  }
  return true;
}
