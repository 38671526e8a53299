import 'reflect-metadata';
import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { formatEnrolmentToken, instanceUriOf, type IssuedIdentity } from '@tollgate/contracts/dataplane';
import { newId } from '@tollgate/contracts/ids';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

/** PEM of a private key and its certificate. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** The certificates by which a control plane and a data plane trust each other: a root of its own, which issues all. */
export class ControlPlaneIdentity {
  readonly poolId = newId('pool');
  readonly server: KeyPair;
  readonly #root: x509.X509Certificate;
  readonly #rootKeys: webcrypto.CryptoKeyPair;

  private constructor(root: x509.X509Certificate, rootKeys: webcrypto.CryptoKeyPair, server: KeyPair) {
    this.#root = root;
    this.#rootKeys = rootKeys;
    this.server = server;
  }

  static async create(): Promise<ControlPlaneIdentity> {
    const rootKeys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity('CN=chaos root'),
      keys: rootKeys,
      extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
    });
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity('CN=127.0.0.1'),
      issuer: root.subject,
      publicKey: keys.publicKey,
      signingKey: rootKeys.privateKey,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
    });
    const server = { key: await toPem(keys.privateKey), cert: certificate.toString('pem') };
    return new ControlPlaneIdentity(root, rootKeys, server);
  }

  get root(): string {
    return this.#root.toString('pem');
  }

  /** A token that makes a data plane trust this control plane. */
  enrolToken(): string {
    const caFingerprint = createHash('sha256').update(new X509Certificate(this.root).raw).digest('hex');
    return formatEnrolmentToken({
      tokenId: newId('ent'),
      secret: randomBytes(32).toString('base64url'),
      caFingerprint,
    });
  }

  /** Gives a data plane its certificate. */
  issue(csr: string): Promise<IssuedIdentity> {
    return this.#certify(new x509.Pkcs10CertificateRequest(csr).publicKey, newId('dp'));
  }

  /** Another certificate for a data plane that has one, with another key: what can be put on its disk. */
  async reissue(dataPlaneId: string): Promise<IssuedIdentity & { readonly privateKey: string }> {
    const { publicKey, privateKey } = await newKeys();
    return { ...(await this.#certify(publicKey, dataPlaneId)), privateKey: await toPem(privateKey) };
  }

  async #certify(publicKey: x509.PublicKey | webcrypto.CryptoKey, dataPlaneId: string): Promise<IssuedIdentity> {
    const { poolId } = this;
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity('CN=data-plane'),
      issuer: this.#root.subject,
      publicKey,
      signingKey: this.#rootKeys.privateKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'url', value: instanceUriOf({ poolId, dataPlaneId }) }]),
      ],
    });
    const inADay = new Date(Date.now() + dayMs).toISOString();
    const { root } = this;
    const certificateChain = certificate.toString('pem');
    return { dataPlaneId, poolId, shared: false, certificateChain, root, notAfter: inADay, renewAt: inADay };
  }
}

/** A self-signed certificate of a host. */
export async function selfSigned(host: string): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(`CN=${host}`),
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  });
  return { key: await toPem(keys.privateKey), cert: certificate.toString('pem') };
}

/** The name by which a certificate is told from another. */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

function validity(subject: string) {
  return {
    serialNumber: randomBytes(15).toString('hex'),
    name: subject,
    subject,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 2 * dayMs),
    signingAlgorithm: algorithm,
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return pem.toString();
}
