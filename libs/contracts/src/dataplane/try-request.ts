import { z } from 'zod';

/** Bytes of a body, of a request as of an answer, that a try carries at most. */
export const tryBodyLimitBytes = 64 * 1024;

/** How long a data plane waits for the answer to a try, milliseconds. */
export const tryTimeoutMs = 10_000;

/** The address that tries come from unless they name one: it belongs to nobody (RFC 5737). */
export const tryClientAddress = '192.0.2.1';

/** Fields that the gateway writes itself, or that belong to one connection: nobody can try them. */
const reservedFields: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const visible = /^[\x21-\x7e]*$/;

/** One header field. */
export const tryField = z.object({ name: z.string(), value: z.string() });
export type TryField = z.output<typeof tryField>;

/** A body as it travels in JSON: as it is when it is UTF-8 text, else in base64. */
export const tryBody = z.object({
  encoding: z.enum(['text', 'base64']),
  content: z.string().max(2 * tryBodyLimitBytes),
});
export type TryBody = z.output<typeof tryBody>;

const requestField = z.strictObject({
  name: z
    .string()
    .max(256)
    .regex(token, 'is no header name')
    .refine((name) => !reservedFields.includes(name.toLowerCase()), 'is written by the gateway'),
  value: z
    .string()
    .max(8192)
    .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'holds what cannot stand in a header'),
});

const requestBody = tryBody
  .strict()
  .refine(({ encoding, content }) => encoding === 'text' || /^[A-Za-z0-9+/]*={0,2}$/.test(content), 'is no base64')
  .refine((body) => lengthOf(body) <= tryBodyLimitBytes, `is longer than ${tryBodyLimitBytes} bytes`);

/** A request to be played through a data plane. */
export const tryRequest = z
  .strictObject({
    method: z
      .string()
      .max(32)
      .regex(token, 'is no method')
      .refine((method) => method !== 'CONNECT', 'cannot be tried')
      .default('GET'),
    scheme: z.enum(['http', 'https']).default('http'),
    host: z.hostname().optional().meta({ description: 'A host of the gateway group; default: its first.' }),
    path: z
      .string()
      .max(4096)
      .regex(/^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/, 'must begin with /, be percent-encoded and hold no query')
      .default('/'),
    query: z
      .string()
      .max(4096)
      .regex(visible, 'must be percent-encoded')
      .refine((text) => !text.includes('#'), 'must be percent-encoded')
      .default('')
      .meta({ description: 'Without the question mark.' }),
    headers: z.array(requestField).max(100).default([]).meta({
      description: 'In order; not those that the gateway writes itself (Host, Content-Length, Connection …).',
    }),
    body: requestBody.nullable().default(null),
  })
  .meta({ id: 'TryRequest', description: 'A request to be played through a data plane; bodies up to 64 KiB.' });
export type TryRequest = z.output<typeof tryRequest>;

/** Routes that a try may lead to; whatever else it matches is answered like what does not exist. */
export const tryScope = z.object({
  routeIds: z.array(z.string().min(1).max(64)).max(1000),
  serviceIds: z.array(z.string().min(1).max(64)).max(1000),
});
export type TryScope = z.output<typeof tryScope>;

function lengthOf({ encoding, content }: TryBody): number {
  if (encoding === 'text') return new TextEncoder().encode(content).length;
  return Math.floor((content.replaceAll('=', '').length * 3) / 4);
}
