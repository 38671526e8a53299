import { X509Certificate } from 'node:crypto';
import type { EgressSubject } from '../../upstream/address-guard.ts';

/** Where the state of a certificate is asked for. */
export interface StapleSource {
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  /** The responder that the certificate names. */
  readonly url: URL;
  /** Answers are passed on without checking who has signed them. */
  readonly skipsVerification: boolean;
  /** How long an answer is used at most. */
  readonly cacheMs: number;
  readonly subject: EgressSubject;
}

/** Certificates of a chain that are looked at. */
const mostInChain = 10;

/**
 * The certificate that stands first in a chain, its issuer, wherever that stands among the others, and the responder; null when there is no
 * issuer, or no responder over HTTP is named.
 */
export function findResponder(chain: string): Pick<StapleSource, 'certificate' | 'issuer' | 'url'> | null {
  const pems = chain.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const [certificate, ...others] = pems.slice(0, mostInChain).map((pem) => new X509Certificate(pem));
  const text = /OCSP - URI:("?)(http:\/\/[^"\n]+)\1/.exec(certificate?.infoAccess ?? '')?.[2];
  if (certificate === undefined || text === undefined || !URL.canParse(text)) return null;
  const issuer = others.find((other) => certificate.checkIssued(other));
  return issuer === undefined ? null : { certificate, issuer, url: new URL(text) };
}
