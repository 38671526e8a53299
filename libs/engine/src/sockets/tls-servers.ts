import { constants, createHash, hkdfSync } from 'node:crypto';
import { createServer, type SecureVersion, type Server } from 'node:tls';
import type { ClientDemand } from './client-certificate.ts';
import type { StapleSource } from './ocsp/staple-source.ts';
import { Stapler, type StaplerServices } from './ocsp/stapler.ts';
import type { KeyPair } from './tls-sockets.ts';

/** How handshakes for the names of a certificate go. */
export interface TlsHost {
  /** PEM, of different kinds (ECDSA, RSA): each client gets the one it can read. */
  readonly pairs: readonly KeyPair[];
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** Null: clients are not asked for a certificate. */
  readonly demand: ClientDemand | null;
  /** Null: the state of the certificate is not told. */
  readonly staple: StapleSource | null;
}

/** How a TLS server presents itself. */
export interface TlsServerOptions {
  readonly hostFor: (serverName: string) => TlsHost | undefined;
  /** Shown for names without a certificate and to clients that name none; without it they are refused. */
  readonly defaultCertificate: KeyPair | undefined;
  /** Listeners with the same secret resume each other's sessions; undefined: with nobody. */
  readonly ticketKeys: Uint8Array | undefined;
  readonly handshakeTimeoutMs: number;
  readonly stapling: StaplerServices;
  /** Protocols inside TLS, best first. */
  readonly alpn: readonly string[];
}

/** What Node wants: a name and two keys. */
const ticketKeyBytes = 48;

/**
 * One server of Node per certificate, made when it is first asked for. By server name Node can change one certificate only, but neither
 * versions nor whether clients are asked for theirs. Servers share nothing, so that a session begun with one is of no use with another.
 */
export class TlsServers {
  readonly #byHost = new WeakMap<TlsHost, Server>();
  readonly #fallback: TlsHost;

  constructor(
    private readonly options: TlsServerOptions,
    /** Prepares a server that has just been made. */
    private readonly equip: (server: Server, host: TlsHost) => void,
  ) {
    const { defaultCertificate: pair } = options;
    this.#fallback = {
      pairs: pair === undefined ? [] : [pair],
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      demand: null,
      staple: null,
    };
  }

  /** The server for the handshakes of a host. */
  for(host: TlsHost = this.#fallback): Server {
    const known = this.#byHost.get(host);
    if (known !== undefined) return known;
    const server = this.#create(host);
    this.equip(server, host);
    if (host.staple !== null) new Stapler(host.staple, this.options.stapling).serve(server);
    this.#byHost.set(host, server);
    return server;
  }

  #create({ pairs, minVersion, maxVersion, demand }: TlsHost): Server {
    const { handshakeTimeoutMs, alpn, ticketKeys } = this.options;
    return createServer({
      cert: pairs.map(({ cert }) => cert),
      key: pairs.map(({ key }) => key),
      minVersion,
      maxVersion,
      ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
      ...(ticketKeys === undefined ? {} : { ticketKeys: keysFor(pairs, ticketKeys) }),
      ...(demand === null ? {} : demanding(demand)),
      handshakeTimeout: handshakeTimeoutMs,
      allowHalfOpen: true,
      noDelay: true,
    });
  }
}

/** Keys of its own for each certificate, the same wherever the secret is. */
function keysFor(pairs: readonly KeyPair[], secret: Uint8Array): Buffer {
  const names = pairs.map(({ cert }) => cert).join('');
  return Buffer.from(hkdfSync('sha256', secret, '', createHash('sha256').update(names).digest(), ticketKeyBytes));
}

/** Whoever has no certificate, or a wrong one, is told so in HTTP. A resumed session would bring a certificate without its chain. */
function demanding({ ca }: ClientDemand) {
  return { ca, requestCert: true, rejectUnauthorized: false, secureOptions: constants.SSL_OP_NO_TICKET };
}
