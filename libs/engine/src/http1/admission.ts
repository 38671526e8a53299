import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import { CallState } from '../execute/call-state.ts';
import { clientBehind } from '../execute/forwarded-headers.ts';
import type { TlsFacts } from '../execute/client-certificate.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import type { AddressSet } from '../matching/address-set.ts';
import { normalisePath } from '../matching/normalise-path.ts';
import { type Noise, refuseOverstep } from './connection-share.ts';
import type { HeaderBlock } from './header-block.ts';
import type { RequestTarget } from './request-target.ts';
import type { HttpServices } from './services.ts';

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

/** Tells the results of {@link admit} apart. */
export function isNoise(admitted: CallState | Noise): admitted is Noise {
  return 'error' in admitted;
}

/** Decides whether a request is a call at all: a path that can be read, for a host that a group here serves on this connection. */
export function admit(
  { method, target }: RequestTarget,
  block: HeaderBlock,
  facts: ConnectionFacts,
  { directory, metrics, newRequestId }: HttpServices,
): CallState | Noise {
  const program = directory.findProgram(block.host);
  const overstep = refuseOverstep(facts.lease, program, metrics);
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
  const { tls, localPort, scheme } = facts;
  const serverName = tls?.serverName ?? null;
  if (serverName !== null && directory.findProgram(serverName)?.groupId !== program.groupId) {
    return { error: engineErrors.misdirected, keeps: false };
  }
  return new CallState({
    program,
    block,
    method,
    path,
    query: mark < 0 ? '' : target.slice(mark + 1),
    rawTarget: target,
    scheme,
    clientAddress: clientOf(program, block, facts),
    localPort,
    tls,
    newRequestId,
  });
}

function clientOf({ trustedPeers }: Program, block: HeaderBlock, facts: ConnectionFacts): string {
  if (!facts.isTrustedBy(trustedPeers)) return facts.peerAddress;
  return clientBehind(facts.peerAddress, block.header('x-forwarded-for'), trustedPeers);
}
