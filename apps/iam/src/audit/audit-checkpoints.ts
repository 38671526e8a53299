import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import type { getAuditCheckpoint } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { deriveKey, PLATFORM_CONFIG, type PlatformConfig, tenantOf } from '@tollgate/platform';
import { SignJWT } from 'jose';
import { genesisHash } from './audit-chain.ts';
import { auditRepository } from './audit.repository.ts';

/** What stands before the 32 secret bytes of an Ed25519 key in PKCS#8 (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signed statements of where a tenant's chain ended at a time. Whoever keeps one can prove later that the entries up to it were not
 * changed. The key comes from the master key, so statements hold as long as the installation.
 */
@Injectable()
export class AuditCheckpoints {
  readonly #privateKey: KeyObject;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PLATFORM_CONFIG) config: PlatformConfig,
  ) {
    const seed = deriveKey(config.TOLLGATE_MASTER_KEY, 'audit-checkpoints');
    this.#privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  }

  async get(call: EndpointCall<typeof getAuditCheckpoint>): Promise<EndpointResult<typeof getAuditCheckpoint>> {
    const tenantId = tenantOf(call);
    const end = await this.database.inTenant(tenantId, (unit) => auditRepository.findChain(unit, tenantId));
    const sequence = Number(end?.lastSequence ?? 0);
    const hash = end?.headHash ?? genesisHash;
    const statement = await new SignJWT({ sequence, hash })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'audit-checkpoint+jwt' })
      .setSubject(tenantId)
      .setIssuedAt()
      .sign(this.#privateKey);
    return { sequence, hash, statement, publicKey: { ...createPublicKey(this.#privateKey).export({ format: 'jwk' }) } };
  }
}
