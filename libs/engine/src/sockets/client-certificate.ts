import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** What a host demands of its clients' certificates. */
export interface ClientDemand {
  /** Authorities that must have issued them, PEM. */
  readonly ca: string;
  /** The same, read. */
  readonly authorities: readonly X509Certificate[];
  /** So many other authorities may stand between a certificate and those. */
  readonly depth: number;
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

/** Of the certificates that come along with a client's, so many are looked at. */
const mostShown = 10;

/**
 * Judges a connection whose handshake has asked for a certificate.
 * @param certificate what was shown, with the chain that came along.
 */
export function judgeClient(
  socket: TLSSocket,
  certificate: X509Certificate | undefined,
  demand: ClientDemand,
): ClientCertificate {
  const { ca } = demand;
  if (certificate === undefined) return { verify: 'NONE', ca, subject: '', serial: '' };
  const subject = certificate.subject.split('\n').reverse().join(',');
  return { verify: verdictOn(socket, certificate, demand), ca, subject, serial: certificate.serialNumber };
}

function verdictOn(socket: TLSSocket, certificate: X509Certificate, demand: ClientDemand): string {
  if (!socket.authorized) return `FAILED:${String(socket.authorizationError)}`;
  return isWithin(demand, certificate) ? 'SUCCESS' : 'FAILED:certificate chain too long';
}

/** Whether one of the authorities is reached over as many others as may stand between. The chain itself has been verified by then. */
function isWithin({ authorities, depth }: ClientDemand, certificate: X509Certificate): boolean {
  let reached = [certificate];
  let rest = shownWith(certificate);
  for (let between = 0; reached.length > 0; between++) {
    if (reached.some((candidate) => authorities.some((authority) => isIssuedBy(candidate, authority)))) return true;
    if (between === depth) return false;
    const issuers = rest.filter((shown) => shown.ca && reached.some((candidate) => isIssuedBy(candidate, shown)));
    rest = rest.filter((shown) => !issuers.includes(shown));
    reached = issuers;
  }
  return false;
}

/** In the order in which the client has sent them, which is not always that of the chain. */
function shownWith(certificate: X509Certificate): X509Certificate[] {
  const shown: X509Certificate[] = [];
  let next = certificate.issuerCertificate;
  while (next !== undefined && shown.length < mostShown) {
    shown.push(next);
    next = next.issuerCertificate;
  }
  return shown;
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
