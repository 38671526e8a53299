import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Derives 32 bytes for one purpose from the master key (HKDF-SHA-256). The same input gives the same key everywhere. */
export function deriveKey(masterKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, 'tollgate', purpose, 32));
}

/**
 * Seals `plain` with AES-256-GCM.
 * @param key 32 bytes.
 * @param context Bound to the result: opening needs the same, so a sealed value cannot be moved elsewhere.
 * @returns base64url of version, nonce, tag and ciphertext.
 */
export function seal(key: Buffer, plain: Buffer | string, context: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/**
 * Opens what {@link seal} made.
 * @throws Error when the key or context is another, or the value was changed.
 */
export function open(key: Buffer, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 29 || bytes[0] !== 1) throw new Error('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(13, 29));
  return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]);
}
