import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureVersion } from 'node:tls';
import type { Ssl } from '@tollgate/contracts/gateway';
import type { ClientDemand } from '../sockets/client-certificate.ts';
import { findResponder, type StapleSource } from '../sockets/ocsp/staple-source.ts';
import type { EgressSubject } from '../upstream/address-guard.ts';
import type { TlsHost } from '../sockets/tls-servers.ts';

/** A certificate whose parts fit each other, and how handshakes with it go. */
export interface HostCertificate extends TlsHost {
  readonly names: readonly string[];
}

/** A part of an ssl object that cannot be used; `pointer` leads to it. */
export class CertificateFault extends Error {
  override readonly name = 'CertificateFault';

  constructor(
    readonly pointer: string,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const versions = {
  'TLSv1.1': null,
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
} as const satisfies Record<NonNullable<Ssl['ssl_protocols']>[number], SecureVersion | null>;

/** Compiles an ssl object. @throws CertificateFault when something in it cannot be used. */
export function compileCertificate(ssl: Ssl, owner: Omit<EgressSubject, 'host'>): HostCertificate {
  const demand = ssl.client === undefined ? null : compileDemand(ssl.client);
  const { minVersion, maxVersion } = versionsOf(ssl);
  const more = (ssl.certs ?? []).map((cert, at) => ({ cert, key: ssl.keys?.[at] ?? '' }));
  const pairs = [{ cert: ssl.cert, key: ssl.key }, ...more];
  pairs.forEach((pair, at) => attempt(at === 0 ? '/cert' : `/certs/${at - 1}`, () => createSecureContext(pair)));
  return { names: ssl.snis ?? [ssl.sni ?? ''], pairs, minVersion, maxVersion, demand, staple: findStaple(ssl, owner) };
}

/** Several certificates would need a state each, and Node does not tell which of them a client gets. */
function findStaple(ssl: Ssl, owner: Omit<EgressSubject, 'host'>): StapleSource | null {
  const { ocsp_stapling: options, certs = [] } = ssl;
  const responder = options?.enabled === true && certs.length === 0 ? findResponder(ssl.cert) : null;
  if (options === undefined || responder === null) return null;
  const { skip_verify: skipsVerification, cache_ttl: cacheSeconds } = options;
  const subject = { ...owner, host: responder.url.hostname };
  return { ...responder, skipsVerification, cacheMs: cacheSeconds * 1000, subject };
}

function compileDemand({ ca, depth, skip_mtls_uri_regex: patterns = [] }: NonNullable<Ssl['client']>): ClientDemand {
  const authorities = attempt('/client/ca', () => readAuthorities(ca));
  const skips = patterns.map((pattern, at) => attempt(`/client/skip_mtls_uri_regex/${at}`, () => new RegExp(pattern)));
  return { ca, authorities, depth, skips };
}

function readAuthorities(ca: string): X509Certificate[] {
  const found = ca.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error('must hold a certificate, PEM');
  return found.map((pem) => new X509Certificate(pem));
}

/** TLS 1.1 is out of use (RFC 8996): it is left out where newer versions stand beside it. */
function versionsOf({
  ssl_protocols: names = ['TLSv1.2', 'TLSv1.3'],
}: Ssl): Pick<TlsHost, 'minVersion' | 'maxVersion'> {
  const known = names.flatMap((name) => versions[name] ?? []).sort();
  const [minVersion, maxVersion] = [known.at(0), known.at(-1)];
  if (minVersion === undefined || maxVersion === undefined) {
    throw new CertificateFault('/ssl_protocols', 'must name TLSv1.2 or TLSv1.3');
  }
  return { minVersion, maxVersion };
}

function attempt<T>(pointer: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new CertificateFault(pointer, cause);
  }
}
