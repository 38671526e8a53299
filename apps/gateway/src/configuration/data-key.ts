import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent, replaceFile } from '../files.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** What wraps the data key: a secret given in the environment or in a file of its own; without one only file mode 0600 does. */
export interface KeyWrapping {
  readonly secret: string | undefined;
  readonly secretFile: string | undefined;
}

/** AES-256-GCM: nonce, tag, ciphertext. */
export function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error when the key or context is another, or the bytes were changed. */
export function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  const tagEnd = nonceBytes + tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(nonceBytes, tagEnd));
  return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]);
}

/**
 * The random key that the cached configuration is encrypted with; made on first use.
 * @throws Error when the key is there but cannot be unwrapped.
 */
export async function loadDataKey(stateDir: string, wrapping: KeyWrapping): Promise<Buffer> {
  const path = join(stateDir, 'config.key');
  const wrappingKey = await wrappingKeyOf(wrapping);
  const stored = await readIfPresent(path);
  if (stored !== null) return wrappingKey === null ? stored : decrypt(wrappingKey, stored, 'config.key');
  const key = randomBytes(keyBytes);
  await replaceFile(path, wrappingKey === null ? key : encrypt(wrappingKey, key, 'config.key'));
  return key;
}

async function wrappingKeyOf({ secret, secretFile }: KeyWrapping): Promise<Buffer | null> {
  const text = secret ?? (secretFile === undefined ? undefined : (await readFile(secretFile, 'utf8')).trim());
  return text === undefined ? null : Buffer.from(hkdfSync('sha256', text, 'tollgate', 'gateway.state', keyBytes));
}
