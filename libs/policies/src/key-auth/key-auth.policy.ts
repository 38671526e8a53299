import { createHash } from 'node:crypto';
import { type Call, type CredentialMatch, definePolicy, type Verdict } from '@tollgate/engine';
import { LRUCache } from 'lru-cache';
import { keyAuthErrors } from './key-auth.errors.ts';
import { keyAuthCredentialSchema, keyAuthSchema } from './schema.ts';

/** Keys of a gateway group whose hash is remembered; hashing one takes a few microseconds. */
const rememberedKeys = 10_000;
/** Longer ones are no keys, and are not hashed. */
const longestKey = 4096;

/** Identifies the consumer by an API key in a header or the query. No I/O; safe to share between requests. */
export const keyAuth = definePolicy({
  name: 'key-auth',
  title: 'API key',
  description: 'Identifies the consumer by an API key in a header or the query.',
  priority: 2500,
  direction: 'inbound',
  shared: 'allowed',
  schema: keyAuthSchema,
  errors: Object.values(keyAuthErrors),
  credential: {
    schema: keyAuthCredentialSchema,
    lookupKey: ({ key, key_sha256: hash }) => hash ?? sha256(key ?? ''),
  },
  compile({ header, query, hide_credentials: hidesCredentials, realm, ...rest }, { credentials, now, shared }) {
    if (rest['anonymous_consumer'] !== undefined) throw new Error('anonymous_consumer is not supported');
    const hashes = shared('hashes', createHashCache);
    const challenge = `ApiKey realm="${realm.replaceAll(/["\\]/g, '')}"`;
    const refuse = (call: Call, error: (typeof keyAuthErrors)[keyof typeof keyAuthErrors], text: string): Verdict => {
      call.responseHeaders.set('WWW-Authenticate', challenge);
      return call.reject(error, text, { apisixBody: { message: text } });
    };
    const hashOf = (key: string): string => {
      const known = hashes.get(key);
      if (known !== undefined) return known;
      const hash = sha256(key);
      hashes.set(key, hash);
      return hash;
    };
    return {
      onRewrite(call) {
        const key = call.header(header) ?? call.queryParameter(query);
        if (key === undefined || key === '') return refuse(call, keyAuthErrors.missing, 'Missing API key in request');
        const match = key.length > longestKey ? undefined : credentials.find(hashOf(key));
        if (match === undefined) return refuse(call, keyAuthErrors.unknown, 'Invalid API key in request');
        if (match.state === 'revoked') return refuse(call, keyAuthErrors.revoked, 'The API key has been revoked');
        if (isExpired(match, now())) return refuse(call, keyAuthErrors.expired, 'The API key has expired');
        if (hidesCredentials) hideKey(call, header, query);
        call.authenticate(match.caller);
        return undefined;
      },
    };
  },
});

/** Bounded by size and not by `max`, which would reserve memory for all keys at once. */
function createHashCache(): LRUCache<string, string> {
  return new LRUCache({ maxSize: rememberedKeys, sizeCalculation: () => 1 });
}

function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function isExpired(match: Extract<CredentialMatch, { state: 'active' }>, now: number): boolean {
  const expiresAt = match.options['expires_at'];
  return typeof expiresAt === 'string' && Date.parse(expiresAt) <= now;
}

function hideKey({ upstreamRequest }: Call, header: string, query: string): void {
  upstreamRequest.headers.remove(header);
  const [path = '', parameters] = upstreamRequest.target.split('?', 2);
  if (parameters === undefined) return;
  const kept = parameters.split('&').filter((pair) => nameOf(pair) !== query);
  upstreamRequest.target = kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

function nameOf(pair: string): string | undefined {
  return new URLSearchParams(pair).keys().next().value;
}
