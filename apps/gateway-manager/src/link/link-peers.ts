import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import { linkErrors } from '@tollgate/contracts/dataplane';
import { ApiError } from '@tollgate/platform';
import { CertificateAuthority } from '../ca/certificate-authority.ts';
import { Revocations } from '../fleet/revocations.ts';
import type { LinkPeer } from './link-request.ts';

/** Finds out who is at the other end of a connection. */
@Injectable()
export class LinkPeers {
  readonly #bySocket = new WeakMap<TLSSocket, LinkPeer>();

  constructor(
    @Inject(CertificateAuthority) private readonly authority: CertificateAuthority,
    @Inject(Revocations) private readonly revocations: Revocations,
  ) {}

  /** @throws ApiError `link.certificate_required`, `link.certificate_refused`, `link.instance_revoked` */
  async identify(socket: TLSSocket): Promise<LinkPeer> {
    const peer = this.#bySocket.get(socket) ?? (await this.#verify(socket));
    if (peer.notAfter < new Date()) throw new ApiError(linkErrors.certificateRefused, { detail: 'It has expired.' });
    if (this.revocations.has(peer.dataPlaneId)) throw new ApiError(linkErrors.instanceRevoked);
    return peer;
  }

  async #verify(socket: TLSSocket): Promise<LinkPeer> {
    const der = socket.getPeerCertificate().raw as Buffer | undefined;
    if (der === undefined) throw new ApiError(linkErrors.certificateRequired);
    const verdict = await this.authority.verifyClient(new X509Certificate(der));
    if (verdict.state !== 'valid') throw new ApiError(linkErrors.certificateRefused);
    this.#bySocket.set(socket, verdict.client);
    return verdict.client;
  }
}
