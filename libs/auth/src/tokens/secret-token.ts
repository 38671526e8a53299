import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const form = /^tg_([a-z]{2,8})_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;

/**
 * Makes a secret of 256 random bits: `tg_<kind>_<secret><checksum>`. The checksum tells a mistyped or cut token without a look-up and
 * lets secret scanners recognise real ones.
 * @param kind two to eight lower-case letters, e.g. `pat`.
 */
export function newSecretToken(kind: string): string {
  const body = `tg_${kind}_${randomBytes(32).toString('base64url')}`;
  return body + checksum(body);
}

/** Kind of a token, or null when it is none of ours. */
export function secretTokenKind(token: string): string | null {
  const kind = form.exec(token)?.[1];
  return kind !== undefined && checksum(token.slice(0, -6)) === token.slice(-6) ? kind : null;
}

/** What is stored of a token: its SHA-256 in lower-case hexadecimal. A random secret of 256 bits needs no slow hash. */
export function hashSecretToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64url');
}
