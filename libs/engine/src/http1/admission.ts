import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import { CallState } from '../execute/call-state.ts';
import { clientBehind } from '../execute/forwarded-headers.ts';
import type { TlsFacts } from '../execute/client-certificate.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import type { AddressSet } from '../matching/address-set.ts';
import { normalisePath } from '../matching/normalise-path.ts';
import type { Socket } from '../sockets/socket.ts';
import { type Noise, refuseOverstep } from './connection-share.ts';
import { PeerTrust } from './peer-trust.ts';
import type { RequestFields } from './request-fields.ts';
import type { HttpServices, ProgramDirectory } from './services.ts';

export type { Noise };

/** What is known about a connection before anything is read from it. */
export interface ConnectionFacts {
  readonly scheme: 'http' | 'https';
  /** The place that the connection takes up. */
  readonly lease: ConnectionLease;
  /** Null over plain TCP. */
  readonly tls: TlsFacts | null;
  readonly localPort: number;
  readonly peerAddress: string;
  /** Whether what the peer says about clients is believed. */
  isTrustedBy(trustedPeers: AddressSet): boolean;
}

/** The facts of a connection that has just been made. */
export function factsOf(
  { peerAddress, localPort }: Pick<Socket, 'peerAddress' | 'localPort'>,
  { scheme, tls, lease }: Pick<ConnectionFacts, 'scheme' | 'tls' | 'lease'>,
): ConnectionFacts {
  const trust = new PeerTrust(peerAddress);
  return { scheme, tls, lease, peerAddress, localPort, isTrustedBy: (peers) => trust.isTrustedBy(peers) };
}

/** Tells the results of {@link Admission.admit} apart. */
export function isNoise(admitted: CallState | Noise): admitted is Noise {
  return 'error' in admitted;
}

/** Decides for a connection whether its requests are calls at all: a path that can be read, for a host that a group here serves on it. */
export class Admission {
  readonly #services: HttpServices;
  readonly #facts: ConnectionFacts;
  readonly #directory: ProgramDirectory;
  /** What the last host led to, which holds for the directory's generation. */
  #host = '';
  #program: Program | undefined;
  #generation = -1;
  #isMisdirected = false;

  constructor(services: HttpServices, facts: ConnectionFacts) {
    this.#services = services;
    this.#facts = facts;
    this.#directory = services.directory;
  }

  admit(
    { method, target }: { readonly method: string; readonly target: string },
    fields: RequestFields,
  ): CallState | Noise {
    const { metrics, requestIds, now, limits } = this.#services;
    const { host } = fields;
    if (host !== this.#host || this.#generation !== this.#directory.generation) this.#findProgram(host);
    const program = this.#program;
    const overstep = refuseOverstep(this.#facts.lease, program, metrics);
    if (overstep !== null) return overstep;
    if (program === undefined) {
      metrics.noise('unknown-host');
      return { error: engineErrors.hostUnknown, keeps: true };
    }
    const mark = target.indexOf('?');
    const path = normalisePath(mark < 0 ? target : target.slice(0, mark));
    if (path === null) {
      metrics.noise('bad-head');
      return { error: engineErrors.badRequest, keeps: false };
    }
    if (this.#isMisdirected) return { error: engineErrors.misdirected, keeps: false };
    const { localPort, scheme, tls } = this.#facts;
    return new CallState({
      program,
      block: fields,
      method,
      path,
      query: mark < 0 ? '' : target.slice(mark + 1),
      rawTarget: target,
      scheme,
      clientAddress: this.#clientOf(program, fields),
      localPort,
      tls,
      isLooping: fields.hops >= limits.hopLimit,
      arrivedAt: now(),
      requestIds,
    });
  }

  #findProgram(host: string): void {
    const serverName = this.#facts.tls?.serverName ?? null;
    const program = this.#directory.findProgram(host);
    this.#host = host;
    this.#generation = this.#directory.generation;
    this.#program = program;
    this.#isMisdirected = serverName !== null && this.#directory.findProgram(serverName)?.groupId !== program?.groupId;
  }

  #clientOf({ trustedPeers }: Program, fields: RequestFields): string {
    const { peerAddress } = this.#facts;
    if (!this.#facts.isTrustedBy(trustedPeers)) return peerAddress;
    return clientBehind(peerAddress, fields.header('x-forwarded-for'), trustedPeers);
  }
}
