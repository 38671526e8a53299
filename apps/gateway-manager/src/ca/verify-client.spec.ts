import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { newId } from '@tollgate/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueClient, issueIntermediate, issueRoot, issueServer, type Signer } from './issue.ts';
import { generateKeyPair } from './key-pairs.ts';
import { verifyClient } from './verify-client.ts';

const now = new Date('2026-01-10T00:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const instance = { poolId: newId('pool'), dataPlaneId: newId('dp') };

async function makeIssuer(): Promise<Signer> {
  const rootKeys = await generateKeyPair();
  const root = { certificate: await issueRoot(rootKeys, now), privateKey: rootKeys.privateKey };
  const keys = await generateKeyPair();
  return { certificate: await issueIntermediate(root, keys.publicKey, now), privateKey: keys.privateKey };
}

const toNode = (certificate: x509.X509Certificate) => new X509Certificate(certificate.toString('pem'));

let issuer: Signer;
let client: x509.X509Certificate;
let publicKey: x509.PublicKey;

beforeAll(async () => {
  issuer = await makeIssuer();
  const keys = await generateKeyPair();
  publicKey = await x509.PublicKey.create(keys.publicKey);
  client = await issueClient(issuer, publicKey, { ...instance, now });
});

const verdictOf = (certificate: x509.X509Certificate, at = now) =>
  verifyClient(toNode(certificate), [toNode(issuer.certificate)], at);

describe('a client certificate', () => {
  it('names pool and instance while it is in force', () => {
    expect(verdictOf(client)).toMatchObject({ state: 'valid', client: instance });
    expect(verdictOf(client, later(29.9)).state).toBe('valid');
  });

  it('is told apart when it has expired', () => {
    expect(verdictOf(client, later(30.1))).toMatchObject({ state: 'expired', client: instance });
  });

  it('is nobody’s before it is in force', () => {
    expect(verdictOf(client, later(-1)).state).toBe('malformed');
  });

  it('of an issuer with the same name and another key is refused, expired or not', async () => {
    const keys = await generateKeyPair();
    const impostor = { certificate: issuer.certificate, privateKey: keys.privateKey };
    const forged = await issueClient(impostor, publicKey, { ...instance, now });
    expect(verdictOf(forged).state).toBe('unknown-issuer');
    expect(verdictOf(forged, later(31)).state).toBe('unknown-issuer');
  });

  it('of another CA is refused', async () => {
    const foreign = await issueClient(await makeIssuer(), publicKey, { ...instance, now });
    expect(verdictOf(foreign).state).toBe('unknown-issuer');
  });

  it('must be for clients: the link’s own server certificate is none', async () => {
    const keys = await generateKeyPair();
    const server = await issueServer(issuer, keys.publicKey, { names: ['link.test'], now });
    expect(verdictOf(server).state).toBe('malformed');
  });
});
