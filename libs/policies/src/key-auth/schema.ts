import { z } from 'zod';

/** Options on routes and services; as APISIX's. */
export const keyAuthSchema = z.looseObject({
  header: z.string().min(1).default('apikey').describe('Header that holds the key.'),
  query: z.string().min(1).default('apikey').describe('Query parameter that holds the key when the header is missing.'),
  hide_credentials: z
    .boolean()
    .default(false)
    .describe('Whether the key is removed before the call goes to the upstream.'),
  realm: z
    .string()
    .min(1)
    .default('key')
    .describe('Realm named in `WWW-Authenticate` when the key is missing or wrong.'),
});

/** What a consumer or credential carries: the key, or only its hash, which is how generated keys travel. */
export const keyAuthCredentialSchema = z
  .looseObject({
    key: z.string().min(1).optional().describe('The key itself.'),
    key_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('Lower-case hexadecimal SHA-256 of the key, instead of the key.'),
    expires_at: z.iso.datetime().optional().describe('When the key stops being accepted.'),
  })
  .refine(({ key, key_sha256: hash }) => (key === undefined) !== (hash === undefined), {
    message: 'exactly one of key and key_sha256 is required',
  });
