import { createPrivateKey, type webcrypto } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate with its private key, PEM, and what can issue others with it. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly issuer: { readonly certificate: X509Certificate; readonly keys: webcrypto.CryptoKeyPair };
}

/** What a certificate of a test says. */
export interface TestCertificateOptions {
  /** Also its DNS name, unless it is an authority. */
  readonly name: string;
  readonly isAuthority?: boolean;
  /** Default: itself. */
  readonly issuedBy?: TestCertificate;
  readonly algorithm?: 'ecdsa' | 'rsa';
  /** The responder that tells the state of the certificate. */
  readonly ocspUrl?: string;
  /** Object identifiers of what it may be used for. */
  readonly usages?: readonly string[];
}

const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

/** Makes a certificate. Tests that use it import `reflect-metadata` first. */
export async function createCertificate(options: TestCertificateOptions): Promise<TestCertificate> {
  const { name, isAuthority = false, issuedBy, algorithm = 'ecdsa', ocspUrl, usages } = options;
  const keys: webcrypto.CryptoKeyPair = await crypto.subtle.generateKey(algorithms[algorithm], true, [
    'sign',
    'verify',
  ]);
  const issuerAlgorithm = issuedBy?.issuer.keys.privateKey.algorithm.name === 'ECDSA' ? 'ecdsa' : 'rsa';
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuedBy?.issuer.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: issuedBy?.issuer.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: algorithms[issuedBy === undefined ? algorithm : issuerAlgorithm],
    extensions: [
      ...(ocspUrl === undefined ? [] : [new AuthorityInfoAccessExtension({ ocsp: ocspUrl })]),
      ...(usages === undefined ? [] : [new ExtendedKeyUsageExtension([...usages])]),
      new BasicConstraintsExtension(isAuthority, undefined, true),
      ...(isAuthority ? [] : [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])]),
    ],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return { cert: certificate.toString('pem'), key: String(key), issuer: { certificate, keys } };
}
