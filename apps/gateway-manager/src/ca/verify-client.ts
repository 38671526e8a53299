import type { X509Certificate } from 'node:crypto';
import { parseInstanceUri } from '@tollgate/contracts/dataplane';

const clientAuthUsage = '1.3.6.1.5.5.7.3.2';

/** Who a client certificate belongs to. */
export interface VerifiedClient {
  readonly poolId: string;
  readonly dataPlaneId: string;
  /** Upper-case hexadecimal. */
  readonly serial: string;
  readonly notAfter: Date;
  readonly publicKey: X509Certificate['publicKey'];
}

/** Why a certificate names nobody. */
export type ClientVerdict =
  | { readonly state: 'valid' | 'expired'; readonly client: VerifiedClient }
  | { readonly state: 'unknown-issuer' | 'malformed' };

/**
 * Checks a client certificate wholly by itself: signature by one of the intermediates, purpose, name and time. TLS proves that the
 * peer holds the key; whether the instance was revoked is checked elsewhere.
 */
export function verifyClient(
  certificate: X509Certificate,
  intermediates: readonly X509Certificate[],
  now: Date,
): ClientVerdict {
  const issuer = intermediates.find((candidate) => certificate.checkIssued(candidate));
  if (issuer === undefined || !certificate.verify(issuer.publicKey)) return { state: 'unknown-issuer' };
  const instance = instanceOf(certificate);
  const isClientLeaf = !certificate.ca && (certificate.keyUsage ?? []).includes(clientAuthUsage);
  if (instance === null || !isClientLeaf || certificate.validFromDate > now) return { state: 'malformed' };
  const notAfter = certificate.validToDate;
  const isInForce = now <= notAfter && now <= issuer.validToDate;
  return {
    state: isInForce ? 'valid' : 'expired',
    client: { ...instance, serial: certificate.serialNumber, notAfter, publicKey: certificate.publicKey },
  };
}

function instanceOf(certificate: X509Certificate): { poolId: string; dataPlaneId: string } | null {
  const names = certificate.subjectAltName?.split(', ') ?? [];
  const [name, ...others] = names;
  if (name === undefined || others.length > 0 || !name.startsWith('URI:')) return null;
  return parseInstanceUri(name.slice('URI:'.length));
}
