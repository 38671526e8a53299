import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { instanceUriOf } from '@tollgate/contracts/dataplane';
import { keyAlgorithm } from './key-pairs.ts';

const dayMs = 86_400_000;
/** Clocks of data planes may be a little behind. */
const backdatedMs = 5 * 60_000;

/** Lifetimes in days. */
export const lifetimes = { root: 20 * 365, intermediate: 2 * 365, server: 90, client: 30 } as const;

/** A certificate and the key that belongs to it. */
export interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

export function issueRoot(keys: webcrypto.CryptoKeyPair, now: Date): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now, lifetimes.root),
    serialNumber: newSerial(),
    name: 'CN=Tollgate data-plane root,O=Tollgate',
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
}

export async function issueIntermediate(
  root: Signer,
  publicKey: webcrypto.CryptoKey,
  now: Date,
): Promise<x509.X509Certificate> {
  const serialNumber = newSerial();
  return issue(root, publicKey, {
    serialNumber,
    subject: `CN=Tollgate data-plane intermediate ${serialNumber.slice(0, 8)},O=Tollgate`,
    ...validity(now, lifetimes.intermediate),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
}

/** A certificate of the link endpoint for host names and addresses. */
export function issueServer(
  issuer: Signer,
  publicKey: webcrypto.CryptoKey,
  request: { names: readonly string[]; now: Date },
): Promise<x509.X509Certificate> {
  const alternatives = request.names.map((name) => ({
    type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const),
    value: name,
  }));
  return issue(issuer, publicKey, {
    serialNumber: newSerial(),
    subject: 'CN=Tollgate link,O=Tollgate',
    ...validity(request.now, lifetimes.server),
    extensions: [
      ...leafExtensions(x509.ExtendedKeyUsage.serverAuth),
      new x509.SubjectAlternativeNameExtension(alternatives),
    ],
  });
}

/** The certificate of one data plane; it names pool and instance and nothing else. */
export function issueClient(
  issuer: Signer,
  publicKey: x509.PublicKey,
  request: { poolId: string; dataPlaneId: string; now: Date },
): Promise<x509.X509Certificate> {
  return issue(issuer, publicKey, {
    serialNumber: newSerial(),
    subject: `CN=${request.dataPlaneId},O=Tollgate`,
    ...validity(request.now, lifetimes.client),
    extensions: [
      ...leafExtensions(x509.ExtendedKeyUsage.clientAuth),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: instanceUriOf(request) }]),
    ],
  });
}

async function issue(
  issuer: Signer,
  publicKey: webcrypto.CryptoKey | x509.PublicKey,
  parts: Pick<x509.X509CertificateCreateParams, 'serialNumber' | 'subject' | 'notBefore' | 'notAfter' | 'extensions'>,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    ...parts,
    issuer: issuer.certificate.subject,
    publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      ...(parts.extensions ?? []),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
    ],
  });
}

function leafExtensions(usage: x509.ExtendedKeyUsage): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage], false),
  ];
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - backdatedMs), notAfter: new Date(now.getTime() + days * dayMs) };
}

/** 127 random bits: positive in DER, and nobody guesses or repeats it. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
