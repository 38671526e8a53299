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

/** The first two certificates of a chain and the responder; null when it has no issuer or names no responder over HTTP. */
export function findResponder(chain: string): Pick<StapleSource, 'certificate' | 'issuer' | 'url'> | null {
  const pems = chain.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const [certificate, issuer] = pems.slice(0, 2).map((pem) => new X509Certificate(pem));
  const text = /OCSP - URI:("?)(http:\/\/[^"\n]+)\1/.exec(certificate?.infoAccess ?? '')?.[2];
  if (certificate === undefined || issuer === undefined || text === undefined) return null;
  return URL.canParse(text) && certificate.checkIssued(issuer) ? { certificate, issuer, url: new URL(text) } : null;
}
