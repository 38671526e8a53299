import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { deriveKey, open, PLATFORM_CONFIG, type PlatformConfig, seal } from '@tollgate/platform';
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose';
import type { SigningKeyEntity } from './signing-key.entity.ts';
import { signingKeysRepository } from './signing-keys.repository.ts';

const algorithm = 'EdDSA';
/** Each key signs for a day; the next period gets a new one. */
const periodMs = 24 * 60 * 60 * 1000;

/** The key that signs now. */
export interface CurrentKey {
  keyId: string;
  privateKey: CryptoKey;
}

/**
 * Keys of internal tokens: one per day, made by whichever instance needs it first, private halves sealed by the master key. The last two
 * are published, so a token stays good across the change.
 */
@Injectable()
export class SigningKeysService {
  readonly #sealingKey: Buffer;
  #current: { period: number; key: Promise<CurrentKey> } | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PLATFORM_CONFIG) config: PlatformConfig,
  ) {
    this.#sealingKey = deriveKey(config.TOLLGATE_MASTER_KEY, 'signing-keys');
  }

  async current(now = Date.now()): Promise<CurrentKey> {
    const period = Math.floor(now / periodMs);
    if (this.#current?.period !== period) this.#current = { period, key: this.load(period) };
    try {
      return await this.#current.key;
    } catch (cause) {
      this.#current = undefined;
      throw cause;
    }
  }

  /** Public halves of all keys that may have signed a token that is still good. */
  async publicKeys(): Promise<Record<string, unknown>[]> {
    await this.current();
    const rows = await this.database.inSystem('signing-keys', signingKeysRepository.list);
    return rows.map((row) => ({ ...row.publicJwk, kid: row.id, alg: algorithm, use: 'sig' }));
  }

  private async load(period: number): Promise<CurrentKey> {
    const row = (await this.find(period)) ?? (await this.make(period));
    const pem = open(this.#sealingKey, row.sealedPrivateKey, row.id).toString('utf8');
    return { keyId: row.id, privateKey: await importPKCS8(pem, algorithm) };
  }

  private find(period: number): Promise<SigningKeyEntity | null> {
    return this.database.inSystem('signing-keys', (unit) => signingKeysRepository.find(unit, period));
  }

  /** Of two instances that make a key for the same period both use the one that was stored first. */
  private async make(period: number): Promise<SigningKeyEntity> {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const id = `${period}-${crypto.randomUUID().slice(0, 8)}`;
    const sealedPrivateKey = seal(this.#sealingKey, await exportPKCS8(pair.privateKey), id);
    const publicJwk = { ...(await exportJWK(pair.publicKey)) };
    return this.database.inSystem('signing-keys', async (unit) => {
      await signingKeysRepository.insertIfNone(unit, { id, period: String(period), publicJwk, sealedPrivateKey });
      await signingKeysRepository.deleteBefore(unit, period - 1);
      const stored = await signingKeysRepository.find(unit, period);
      if (!stored) throw new Error('the signing key that was just stored is gone');
      return stored;
    });
  }
}
