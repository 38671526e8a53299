import { z } from 'zod';
import { descriptiveFields, hostPatternSchema, statusSchema } from './common.ts';

const pemSchema = z
  .string()
  .min(128)
  .max(64 * 1024);

/** A certificate for one or more host names: APISIX's ssl. Keys are private and must be sealed wherever they rest. */
export const sslSchema = z
  .looseObject({
    ...descriptiveFields,
    type: z.enum(['server', 'client']).default('server'),
    sni: hostPatternSchema.optional(),
    snis: z.array(hostPatternSchema).min(1).optional(),
    cert: pemSchema,
    key: pemSchema,
    certs: z.array(pemSchema).optional(),
    keys: z.array(pemSchema).optional(),
    /** Demands a certificate of every client of these hosts. */
    client: z
      .looseObject({
        ca: pemSchema,
        /** 0: only certificates that an authority in `ca` itself has issued; more: others may stand between, up to any number. */
        depth: z.number().int().nonnegative().default(1),
        /** Paths (regular expressions) that are served without a certificate. */
        skip_mtls_uri_regex: z.array(z.string().min(1).max(256)).min(1).max(100).optional(),
      })
      .optional(),
    /** Tells clients that ask the state of the certificate, as the responder that it names has signed it. */
    ocsp_stapling: z
      .looseObject({
        enabled: z.boolean().default(false),
        /** Answers are passed on without checking who has signed them. */
        skip_verify: z.boolean().default(false),
        /** Seconds for which an answer is used, at most. */
        cache_ttl: z.number().int().min(60).default(3600),
      })
      .optional(),
    ssl_protocols: z.array(z.enum(['TLSv1.1', 'TLSv1.2', 'TLSv1.3'])).optional(),
    status: statusSchema,
  })
  .refine((ssl) => ssl.type === 'client' || ssl.sni !== undefined || ssl.snis !== undefined, {
    message: 'one of sni and snis is required',
    path: ['snis'],
  })
  .refine((ssl) => (ssl.certs?.length ?? 0) === (ssl.keys?.length ?? 0), {
    message: 'must have one certificate for each of keys',
    path: ['certs'],
  });
export type Ssl = z.infer<typeof sslSchema>;
