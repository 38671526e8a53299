import { type Call, definePolicy, type Verdict } from '@tollgate/engine';
import { keyAuthErrors } from './key-auth.errors.ts';
import { RememberedKeys, sha256 } from './remembered-keys.ts';
import { keyAuthCredentialSchema, keyAuthSchema } from './schema.ts';

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
  isStateless: true,
  schema: keyAuthSchema,
  errors: Object.values(keyAuthErrors),
  credential: {
    schema: keyAuthCredentialSchema,
    lookupKey: ({ key, key_sha256: hash }) => hash ?? sha256(key ?? ''),
  },
  compile({ header, query, hide_credentials: hidesCredentials, realm, ...rest }, { credentials, shared }) {
    if (rest['anonymous_consumer'] !== undefined) throw new Error('anonymous_consumer is not supported');
    const keys = shared('keys', () => new RememberedKeys());
    const challenge = `ApiKey realm="${realm.replaceAll(/["\\]/g, '')}"`;
    const refuse = (call: Call, error: (typeof keyAuthErrors)[keyof typeof keyAuthErrors], text: string): Verdict => {
      call.responseHeaders.set('WWW-Authenticate', challenge);
      return call.reject(error, text, { apisixBody: { message: text } });
    };
    return {
      onRewrite(call) {
        const key = call.header(header) ?? call.queryParameter(query);
        if (key === undefined || key === '') return refuse(call, keyAuthErrors.missing, 'Missing API key in request');
        const known = key.length > longestKey ? undefined : keys.find(key, credentials);
        if (known?.state === 'revoked') return refuse(call, keyAuthErrors.revoked, 'The API key has been revoked');
        if (known === undefined || known.caller === null) {
          return refuse(call, keyAuthErrors.unknown, 'Invalid API key in request');
        }
        if (known.expiresAt !== null && known.expiresAt <= call.arrivedAt) {
          return refuse(call, keyAuthErrors.expired, 'The API key has expired');
        }
        if (hidesCredentials) hideKey(call, header, query);
        call.authenticate(known.caller);
        return undefined;
      },
    };
  },
});

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
