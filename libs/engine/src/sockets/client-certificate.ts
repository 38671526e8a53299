import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** What a host demands of its clients' certificates. */
export interface ClientDemand {
  /** Authorities that must have issued them, PEM. */
  readonly ca: string;
  /** The same, read. */
  readonly authorities: readonly X509Certificate[];
  /** Whether other authorities may stand between a certificate and those. */
  readonly allowsChains: boolean;
  /** Paths for which no certificate is needed. */
  readonly skips: readonly RegExp[];
}

/** What is known of a client by its certificate. */
export interface ClientCertificate {
  /** `SUCCESS`, `NONE` or `FAILED:` and a reason, as nginx says it. */
  readonly verify: string;
  /** The authorities it was verified against, PEM. */
  readonly ca: string;
  /** Distinguished name, RFC 2253; empty without a certificate. */
  readonly subject: string;
  /** Hexadecimal; empty without a certificate. */
  readonly serial: string;
}

/** Judges a connection whose handshake has asked for a certificate. */
export function judgeClient(socket: TLSSocket, demand: ClientDemand): ClientCertificate {
  const { ca } = demand;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { verify: 'NONE', ca, subject: '', serial: '' };
  const subject = certificate.subject.split('\n').reverse().join(',');
  return { verify: verdictOn(socket, certificate, demand), ca, subject, serial: certificate.serialNumber };
}

function verdictOn(socket: TLSSocket, certificate: X509Certificate, demand: ClientDemand): string {
  if (!socket.authorized) return `FAILED:${String(socket.authorizationError)}`;
  // The chain that a client sends is not shown to servers by Node, so its length is not known.
  const isLong = !demand.allowsChains && !demand.authorities.some((authority) => isIssuedBy(certificate, authority));
  return isLong ? 'FAILED:certificate chain too long' : 'SUCCESS';
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
