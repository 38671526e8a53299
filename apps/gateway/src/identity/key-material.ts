import 'reflect-metadata';
import { createPrivateKey, randomBytes, sign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

/** A fresh key and a request for a certificate for it. */
export interface KeyAndRequest {
  /** PKCS#8, PEM. */
  readonly privateKey: string;
  /** PKCS#10, PEM. */
  readonly csr: string;
}

/** Makes an ECDSA P-256 key and a certificate request that it signs. Names are the CA's business, so the request has none. */
export async function createKeyAndRequest(): Promise<KeyAndRequest> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=data-plane',
    keys,
    signingAlgorithm: algorithm,
  });
  return { privateKey: await toPem(keys.privateKey), csr: request.toString('pem') };
}

/** Base64 signature of the old key over the DER of a new request: proves that the holder of the old key asks. */
export function proveKey(privateKey: string, csr: string): string {
  const der = Buffer.from(new x509.Pkcs10CertificateRequest(csr).rawData);
  return sign('sha256', der, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
}

/** A self-signed server certificate for a name and everything one label below it. */
export async function createSelfSigned(name: string): Promise<{ key: string; cert: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(15).toString('hex'),
    name: `CN=${name}`,
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + 365 * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: name },
        { type: 'dns', value: `*.${name}` },
      ]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  return { key: await toPem(keys.privateKey), cert: certificate.toString('pem') };
}

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
