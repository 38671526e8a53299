import { z } from 'zod';
import { idSchema } from '../ids/index.ts';

/** A PEM block, or several of them. */
const pem = (label: string, maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(
      new RegExp(`^\\s*-----BEGIN ${label}-----[\\s\\S]+-----END ${label}-----\\s*$`),
      `must be PEM of a ${label}`,
    );

/** What the link answers to `GET /link/v1/ca`: public; trusted only once its fingerprint equals the token's. */
export const caResponse = z.object({ root: pem('CERTIFICATE', 16 * 1024) });
export type CaResponse = z.infer<typeof caResponse>;

const instanceFacts = {
  /** Version of the data plane's program. */
  version: z.string().min(1).max(64),
  /** Name of the machine, for people. */
  hostname: z.string().min(1).max(253),
};

/** `POST /link/v1/enrol`: a token and a PKCS#10 request for an ECDSA P-256 key that never leaves the data plane. */
export const enrolRequest = z.strictObject({
  token: z.string().min(1).max(512),
  csr: pem('CERTIFICATE REQUEST', 8 * 1024),
  ...instanceFacts,
});
export type EnrolRequest = z.infer<typeof enrolRequest>;

/**
 * `POST /link/v1/renew`: works without a client certificate, so that an expired one can do this one thing.
 * The new key signs the request itself; the old key signs the request's DER, which proves that its holder asks.
 */
export const renewRequest = z.strictObject({
  certificate: pem('CERTIFICATE', 16 * 1024),
  csr: pem('CERTIFICATE REQUEST', 8 * 1024),
  /** Base64 of the ECDSA-SHA-256 signature (IEEE P1363 form) of the old key over the DER of `csr`. */
  proof: z.base64().min(64).max(256),
});
export type RenewRequest = z.infer<typeof renewRequest>;

/** The answer to enrol and renew. */
export const issuedIdentity = z.object({
  dataPlaneId: idSchema('dp'),
  poolId: idSchema('pool'),
  /** The pool serves groups of several tenants: policies and addresses that are not safe then are refused. */
  shared: z.boolean(),
  /** The client certificate, then the intermediate that issued it, as PEM. */
  certificateChain: pem('CERTIFICATE', 32 * 1024),
  /** The CA's root, the only trust anchor of the link. */
  root: pem('CERTIFICATE', 16 * 1024),
  notAfter: z.iso.datetime(),
  /** When to renew: a third of the lifetime after issue. */
  renewAt: z.iso.datetime(),
});
export type IssuedIdentity = z.infer<typeof issuedIdentity>;

const instanceUri = /^tollgate:\/\/pool\/(pool_[0-9a-v]{26})\/instance\/(dp_[0-9a-v]{26})$/;

/** The URI in a client certificate's subject alternative name. */
export function instanceUriOf(instance: { poolId: string; dataPlaneId: string }): string {
  return `tollgate://pool/${instance.poolId}/instance/${instance.dataPlaneId}`;
}

/** Both ids of an instance URI, or null for anything else. */
export function parseInstanceUri(uri: string): { poolId: string; dataPlaneId: string } | null {
  const [, poolId, dataPlaneId] = instanceUri.exec(uri) ?? [];
  return poolId === undefined || dataPlaneId === undefined ? null : { poolId, dataPlaneId };
}
