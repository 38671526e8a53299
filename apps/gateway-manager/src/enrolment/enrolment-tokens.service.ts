import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { formatEnrolmentToken } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { CreatedEnrolmentToken, EnrolmentToken, EnrolmentTokenInput } from '@tollgate/contracts/rest/gateway';
import { Database, mapPage, type PageRequest, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, PLATFORM_CONFIG, type PlatformConfig } from '@tollgate/platform';
import { CertificateAuthority } from '../ca/certificate-authority.ts';
import { EnrolmentTokenEntity } from './enrolment-token.entity.ts';
import { EnrolmentTokensRepository } from './enrolment-tokens.repository.ts';

/** A token to create, and how the audit log is told of it. */
export interface TokenRequest {
  readonly poolId: string;
  readonly input: EnrolmentTokenInput;
  readonly audit: (token: EnrolmentToken) => AuditEntry;
}

/** Hash under which a token's secret is stored and compared. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Enrolment tokens as administrators see them. */
@Injectable()
export class EnrolmentTokensService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EnrolmentTokensRepository) private readonly repository: EnrolmentTokensRepository,
    @Inject(CertificateAuthority) private readonly authority: CertificateAuthority,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'PUBLIC_LINK_URL'>,
  ) {}

  /** @throws ApiError `resource.not_found` */
  async list(tenantId: string, poolId: string, page: PageRequest): Promise<Page<EnrolmentToken>> {
    const rows = await this.repository.list(tenantId, poolId, page);
    if (rows === null) throw new ApiError(commonErrors.notFound);
    return mapPage(rows, toToken);
  }

  /** @throws ApiError `resource.not_found` */
  create(tenantId: string, request: TokenRequest): Promise<CreatedEnrolmentToken> {
    return this.database.inTenant(tenantId, (unit) => this.#createIn(unit, request));
  }

  /** A token of a shared pool. @throws ApiError `resource.not_found` */
  createShared(request: TokenRequest): Promise<CreatedEnrolmentToken> {
    return this.database.inSystem('shared-pools', (unit) => this.#createIn(unit, request));
  }

  /** @throws ApiError `resource.not_found` */
  async revoke(tenantId: string, token: { poolId: string; tokenId: string; audit: AuditEntry }): Promise<void> {
    await this.database.inTenant(tenantId, async (unit) => {
      if (!(await this.repository.revoke(unit, token.poolId, token.tokenId))) throw new ApiError(commonErrors.notFound);
      await unit.audit(token.audit);
    });
  }

  async #createIn(unit: UnitOfWork, { poolId, input, audit }: TokenRequest): Promise<CreatedEnrolmentToken> {
    if (!(await this.repository.hasPool(unit, poolId))) throw new ApiError(commonErrors.notFound);
    const secret = randomBytes(32).toString('base64url');
    const now = new Date();
    const row = Object.assign(new EnrolmentTokenEntity(), {
      id: newId('ent'),
      tenantId: unit.tenantId,
      poolId,
      name: input.name,
      secretSha256: hashOfSecret(secret),
      reusable: input.reusable,
      uses: 0,
      expiresAt: new Date(now.getTime() + input.expiresInSeconds * 1000),
      revokedAt: null,
      createdAt: now,
    });
    await this.repository.add(unit, row);
    const created = toToken(row);
    await unit.audit(audit(created));
    const token = formatEnrolmentToken({ tokenId: row.id, secret, caFingerprint: this.authority.fingerprint });
    return { ...created, token, linkUrl: this.config.PUBLIC_LINK_URL };
  }
}

function toToken(row: EnrolmentTokenEntity): EnrolmentToken {
  return {
    id: row.id,
    poolId: row.poolId,
    name: row.name,
    reusable: row.reusable,
    uses: row.uses,
    expiresAt: row.expiresAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
