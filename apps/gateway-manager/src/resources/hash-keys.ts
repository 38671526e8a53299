import { createHash } from 'node:crypto';

/**
 * A consumer's `key-auth` with the key's SHA-256 in place of the key, so that no usable key rests in drafts, revisions or diffs.
 * Other values are returned as they are.
 */
export function hashKeys(value: Record<string, unknown>): Record<string, unknown> {
  const plugins = value['plugins'];
  if (!isRecord(plugins)) return value;
  const keyAuth = plugins['key-auth'];
  if (!isRecord(keyAuth) || typeof keyAuth['key'] !== 'string') return value;
  const { key, ...options } = keyAuth;
  const keySha256 = createHash('sha256').update(key).digest('hex');
  return { ...value, plugins: { ...plugins, 'key-auth': { ...options, key_sha256: keySha256 } } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
