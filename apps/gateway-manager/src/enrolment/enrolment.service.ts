import { timingSafeEqual, verify, X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import {
  type EnrolRequest,
  type IssuedIdentity,
  linkErrors,
  parseEnrolmentToken,
  type RenewRequest,
} from '@tollgate/contracts/dataplane';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { CertificateAuthority, type ClientCertificate } from '../ca/certificate-authority.ts';
import { checkCertificateRequest } from '../ca/certificate-request.ts';
import type { VerifiedClient } from '../ca/verify-client.ts';
import type { EnrolmentTokenEntity } from './enrolment-token.entity.ts';
import { EnrolmentTokensRepository } from './enrolment-tokens.repository.ts';
import { hashOfSecret } from './enrolment-tokens.service.ts';
import { InstancesRepository } from './instances.repository.ts';

/** For so long after its end a certificate may still renew itself. */
const graceAfterExpiryMs = 90 * 86_400_000;
/** A third of the 30 days. */
const renewAfterMs = 10 * 86_400_000;

/** Gives data planes their identity: by token the first time, by proof of the old key from then on. */
@Injectable()
export class EnrolmentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EnrolmentTokensRepository) private readonly tokens: EnrolmentTokensRepository,
    @Inject(InstancesRepository) private readonly instances: InstancesRepository,
    @Inject(CertificateAuthority) private readonly authority: CertificateAuthority,
  ) {}

  /** @throws ApiError `link.token_refused` whatever is wrong with the token, `link.csr_refused` */
  async enrol(request: EnrolRequest): Promise<IssuedIdentity> {
    const token = parseEnrolmentToken(request.token);
    if (token === null) throw new ApiError(linkErrors.tokenRefused);
    const { publicKey } = await checkCertificateRequest(request.csr);
    return this.database.inSystem('enrolment', async (unit) => {
      const row = await this.#useToken(unit, token);
      const instance = {
        id: newId('dp'),
        poolId: row.poolId,
        tenantId: row.tenantId,
        name: request.hostname,
        softwareVersion: request.version,
      };
      const named = { dataPlaneId: instance.id, poolId: instance.poolId, shared: instance.tenantId === null };
      const certificate = await this.authority.issueClient(publicKey, named);
      await this.instances.add(unit, instance, certificate);
      return this.#answer(named, certificate);
    });
  }

  /**
   * A new certificate for the holder of the old key; also for 90 days after the old one ended.
   * @throws ApiError `link.certificate_refused`, `link.instance_revoked`, `link.csr_refused`
   */
  async renew(request: RenewRequest, now = new Date()): Promise<IssuedIdentity> {
    const client = await this.#clientOf(request.certificate, now);
    const { publicKey, der } = await checkCertificateRequest(request.csr);
    const proof = Buffer.from(request.proof, 'base64');
    const isProven = verify('sha256', der, { key: client.publicKey, dsaEncoding: 'ieee-p1363' }, proof);
    if (!isProven) throw new ApiError(linkErrors.certificateRefused, { detail: 'The proof of the key is wrong.' });
    return this.database.inSystem('enrolment', async (unit) => {
      const row = await this.instances.findForRenewal(unit, client.dataPlaneId);
      if (row === null || !(await this.instances.hasCertificate(unit, client.serial, client.dataPlaneId))) {
        throw new ApiError(linkErrors.certificateRefused);
      }
      if (row.revokedAt !== null) throw new ApiError(linkErrors.instanceRevoked);
      const named = { dataPlaneId: row.id, poolId: row.poolId, shared: row.tenantId === null };
      const certificate = await this.authority.issueClient(publicKey, named, now);
      await this.instances.renew(unit, row, certificate);
      return this.#answer(named, certificate);
    });
  }

  async #useToken(unit: UnitOfWork, token: { tokenId: string; secret: string }): Promise<EnrolmentTokenEntity> {
    const row = await this.tokens.findForUse(unit, token.tokenId);
    const isUsable =
      row !== null &&
      timingSafeEqual(Buffer.from(hashOfSecret(token.secret)), Buffer.from(row.secretSha256)) &&
      row.revokedAt === null &&
      row.expiresAt > new Date() &&
      (row.reusable || row.uses === 0);
    if (!isUsable) throw new ApiError(linkErrors.tokenRefused);
    await this.tokens.countUse(unit, row.id);
    return row;
  }

  async #clientOf(pem: string, now: Date): Promise<VerifiedClient> {
    const verdict = await this.authority.verifyClient(readCertificate(pem), now);
    if (verdict.state !== 'valid' && verdict.state !== 'expired') throw new ApiError(linkErrors.certificateRefused);
    if (now.getTime() - verdict.client.notAfter.getTime() > graceAfterExpiryMs) {
      throw new ApiError(linkErrors.certificateRefused, { detail: 'It expired more than 90 days ago; enrol anew.' });
    }
    return verdict.client;
  }

  #answer(
    named: Pick<IssuedIdentity, 'dataPlaneId' | 'poolId' | 'shared'>,
    certificate: ClientCertificate,
  ): IssuedIdentity {
    const issuedAt = new X509Certificate(certificate.chain).validFromDate;
    return {
      ...named,
      certificateChain: certificate.chain,
      root: this.authority.rootPem,
      notAfter: certificate.notAfter.toISOString(),
      renewAt: new Date(issuedAt.getTime() + renewAfterMs).toISOString(),
    };
  }
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new ApiError(linkErrors.certificateRefused, { cause });
  }
}
