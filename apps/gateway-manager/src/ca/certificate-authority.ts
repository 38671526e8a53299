import { createHash, X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import * as x509 from '@peculiar/x509';
import { deriveKey, open, PLATFORM_CONFIG, type PlatformConfig, seal } from '@tollgate/platform';
import { AuthorityEntity, type AuthorityKind } from './ca.entity.ts';
import { AuthorityRepository } from './ca.repository.ts';
import { issueClient, issueIntermediate, issueRoot, issueServer, lifetimes, type Signer } from './issue.ts';
import { exportPrivateKey, generateKeyPair, importPrivateKey, privateKeyPem } from './key-pairs.ts';
import { type ClientVerdict, verifyClient } from './verify-client.ts';

/** An intermediate is followed by the next one when half of its life is over, so both are trusted for a year. */
const rotateBeforeMs = (lifetimes.intermediate * 86_400_000) / 2;

const rereadAfterMs = 10_000;

/** What a TLS server needs. */
export interface ServerIdentity {
  readonly key: string;
  /** The server's certificate and the intermediate that issued it, PEM. */
  readonly cert: string;
}

/** What was issued to a data plane. */
export interface ClientCertificate {
  readonly serial: string;
  readonly chain: string;
  readonly notAfter: Date;
}

interface LoadedAuthority {
  readonly root: X509Certificate;
  readonly intermediates: readonly X509Certificate[];
  /** The newest intermediate: the one that issues. */
  readonly issuer: Signer;
}

/**
 * The CA of the link: a root that is needed only to make intermediates (its key can be taken offline by emptying its column), and
 * intermediates whose keys are sealed by the platform key. Every instance of the service issues with the newest one.
 */
@Injectable()
export class CertificateAuthority {
  readonly #sealingKey: Buffer;
  #loaded: LoadedAuthority | undefined;
  #loadedAt = 0;

  constructor(
    @Inject(AuthorityRepository) private readonly repository: AuthorityRepository,
    @Inject(PLATFORM_CONFIG) config: Pick<PlatformConfig, 'TOLLGATE_MASTER_KEY'>,
  ) {
    this.#sealingKey = deriveKey(config.TOLLGATE_MASTER_KEY, 'gateway-manager.certificate-authority');
  }

  /** Loads the CA; makes it on the very first call of an installation, and the next intermediate when it is time. */
  async refresh(now = new Date()): Promise<void> {
    const rows = await this.repository.readAndComplete((present) => this.#missing(present, now));
    this.#loaded = await this.#load(rows);
    this.#loadedAt = performance.now();
  }

  /** PEM of the root: the one trust anchor. */
  get rootPem(): string {
    return this.#authority.root.toString();
  }

  /** Lower-case hexadecimal SHA-256 of the root's DER. */
  get fingerprint(): string {
    return createHash('sha256').update(this.#authority.root.raw).digest('hex');
  }

  /** PEM of root and intermediates, as a TLS server names the issuers it accepts. */
  get trustedPems(): string[] {
    return [this.#authority.root, ...this.#authority.intermediates].map(String);
  }

  async issueServer(names: readonly string[], now = new Date()): Promise<ServerIdentity> {
    const { issuer } = this.#authority;
    const keys = await generateKeyPair();
    const certificate = await issueServer(issuer, keys.publicKey, { names, now });
    return {
      key: privateKeyPem(await exportPrivateKey(keys.privateKey)),
      cert: chainOf(certificate, issuer),
    };
  }

  async issueClient(
    publicKey: x509.PublicKey,
    instance: { poolId: string; dataPlaneId: string },
    now = new Date(),
  ): Promise<ClientCertificate> {
    const { issuer } = this.#authority;
    const certificate = await issueClient(issuer, publicKey, { ...instance, now });
    return {
      serial: certificate.serialNumber.toUpperCase(),
      chain: chainOf(certificate, issuer),
      notAfter: certificate.notAfter,
    };
  }

  /**
   * Says whose certificate this is; revocation is not looked at. An issuer that is not known here may have been made by another
   * instance of the service, so the rows are read again, at most every ten seconds.
   */
  async verifyClient(certificate: X509Certificate, now = new Date()): Promise<ClientVerdict> {
    const verdict = verifyClient(certificate, this.#authority.intermediates, now);
    if (verdict.state !== 'unknown-issuer' || performance.now() - this.#loadedAt < rereadAfterMs) return verdict;
    await this.refresh();
    return verifyClient(certificate, this.#authority.intermediates, now);
  }

  get #authority(): LoadedAuthority {
    if (this.#loaded === undefined) throw new Error('the certificate authority is used before it is loaded');
    return this.#loaded;
  }

  async #missing(rows: readonly AuthorityEntity[], now: Date): Promise<AuthorityEntity[]> {
    const root = rows.find((row) => row.kind === 'root');
    const newest = rows.filter((row) => row.kind === 'intermediate').at(-1);
    const isFresh = newest !== undefined && newest.notAfter.getTime() - now.getTime() > rotateBeforeMs;
    if (root !== undefined && (isFresh || root.sealedKey === null)) return [];

    const added: AuthorityEntity[] = [];
    const rootSigner = root === undefined ? await this.#makeRoot(added, now) : await this.#openSigner(root);
    const keys = await generateKeyPair();
    const intermediate = await issueIntermediate(rootSigner, keys.publicKey, now);
    added.push(this.#rowOf('intermediate', intermediate, await exportPrivateKey(keys.privateKey)));
    return added;
  }

  async #makeRoot(added: AuthorityEntity[], now: Date): Promise<Signer> {
    const keys = await generateKeyPair();
    const certificate = await issueRoot(keys, now);
    added.push(this.#rowOf('root', certificate, await exportPrivateKey(keys.privateKey)));
    return { certificate, privateKey: keys.privateKey };
  }

  #rowOf(kind: AuthorityKind, certificate: x509.X509Certificate, pkcs8: Buffer): AuthorityEntity {
    const id = certificate.serialNumber;
    return Object.assign(new AuthorityEntity(), {
      id,
      kind,
      certificate: certificate.toString('pem'),
      sealedKey: seal(this.#sealingKey, pkcs8, sealContext(id)),
      notAfter: certificate.notAfter,
    });
  }

  async #openSigner(row: AuthorityEntity): Promise<Signer> {
    if (row.sealedKey === null) throw new Error(`the key of ${row.kind} certificate ${row.id} is offline`);
    const pkcs8 = open(this.#sealingKey, row.sealedKey, sealContext(row.id));
    return { certificate: new x509.X509Certificate(row.certificate), privateKey: await importPrivateKey(pkcs8) };
  }

  async #load(rows: readonly AuthorityEntity[]): Promise<LoadedAuthority> {
    const root = rows.find((row) => row.kind === 'root');
    const intermediates = rows.filter((row) => row.kind === 'intermediate');
    const newest = intermediates.at(-1);
    if (root === undefined || newest === undefined) throw new Error('the certificate authority is incomplete');
    return {
      root: new X509Certificate(root.certificate),
      intermediates: intermediates.map((row) => new X509Certificate(row.certificate)),
      issuer: await this.#openSigner(newest),
    };
  }
}

function sealContext(id: string): string {
  return `certificate-authority:${id}`;
}

function chainOf(certificate: x509.X509Certificate, issuer: Signer): string {
  return `${certificate.toString('pem')}\n${issuer.certificate.toString('pem')}\n`;
}
