import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject, sign, webcrypto, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import * as x509 from '@peculiar/x509';
import {
  type ConfigLine,
  configLine,
  issuedIdentity,
  type IssuedIdentity,
  linkPaths,
  type UsageBatch,
} from '@tollgate/contracts/dataplane';

/** An answer of the link with its JSON read. */
export interface LinkAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A key with the certificate that was issued for it. */
export interface TestIdentity extends IssuedIdentity {
  readonly privateKey: string;
}

/** An open config stream, as a suite reads it. */
export interface TestStream {
  readonly lines: ConfigLine[];
  readonly isClosed: () => boolean;
  close(): void;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new P-256 key with a certificate request; `curve` makes a request that must be refused. */
export async function makeRequest(curve = 'P-256'): Promise<{ privateKey: string; csr: string; der: Buffer }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const ofCurve = { ...algorithm, namedCurve: curve };
  const keys = {
    privateKey: await toWebKey(privateKey, ofCurve, 'sign'),
    publicKey: await toWebKey(publicKey, ofCurve, 'verify'),
  };
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name: 'CN=x', keys, signingAlgorithm: ofCurve });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey: pem, csr: csr.toString('pem'), der: Buffer.from(csr.rawData) };
}

/** Speaks the link's protocol byte by byte, right or wrong. */
export class LinkClient {
  constructor(
    readonly url: string,
    private readonly root: string,
    readonly identity?: TestIdentity,
  ) {}

  as(identity: TestIdentity): LinkClient {
    return new LinkClient(this.url, this.root, identity);
  }

  async enrol(token: string): Promise<TestIdentity> {
    const { privateKey, csr } = await makeRequest();
    const answer = await this.post(linkPaths.enrol, { token, csr, version: '1.0.0', hostname: 'test-machine' });
    if (answer.status !== 201) throw new Error(`not enrolled: ${JSON.stringify(answer)}`);
    return { ...issuedIdentity.parse(answer.body), privateKey };
  }

  /** Renews by proof of the identity's key, or of another one. */
  async renew(identity: TestIdentity, proofKey = identity.privateKey): Promise<LinkAnswer & { privateKey: string }> {
    const { privateKey, csr, der } = await makeRequest();
    const proof = sign('sha256', der, { key: proofKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    const certificate = new X509Certificate(identity.certificateChain).toString();
    return { ...(await this.post(linkPaths.renew, { certificate, csr, proof })), privateKey };
  }

  usage(batch: UsageBatch): Promise<LinkAnswer> {
    return this.post(linkPaths.usage, batch);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<LinkAnswer> {
    return this.send('POST', path, typeof body === 'string' ? body : JSON.stringify(body), headers);
  }

  async send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<LinkAnswer> {
    const response = await this.#open(method, path, body, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    return {
      status: response.statusCode ?? 0,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  /** Opens the stream by POST with positions. */
  async stream(groups: unknown[] = []): Promise<TestStream> {
    return this.#read(await this.#open('POST', linkPaths.config, JSON.stringify({ groups })));
  }

  /** Opens the stream by GET, as for a pool of one group. */
  async streamFrom(revision: number, access: number): Promise<TestStream> {
    return this.#read(await this.#open('GET', `${linkPaths.config}?revision=${revision}&access=${access}`));
  }

  #read(response: IncomingMessage): TestStream {
    if (response.statusCode !== 200) throw new Error(`no stream: ${response.statusCode}`);
    const lines: ConfigLine[] = [];
    const state = { isClosed: false };
    createInterface({ input: response })
      .on('line', (line) => lines.push(configLine.parse(JSON.parse(line))))
      .on('error', () => (state.isClosed = true))
      .on('close', () => (state.isClosed = true));
    return { lines, isClosed: () => state.isClosed, close: () => void response.destroy() };
  }

  #open(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const options: RequestOptions = {
      method,
      ca: this.root,
      agent: false,
      headers: { 'content-type': 'application/json', ...headers },
      ...(this.identity === undefined ? {} : { cert: this.identity.certificateChain, key: this.identity.privateKey }),
    };
    return new Promise((resolve, reject) => {
      request(`${this.url}${path}`, options, resolve).on('error', reject).end(body);
    });
  }
}

/** Fetches the CA's root without trust, as a data plane does before it checks the fingerprint. */
export function fetchRoot(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, agent: false } as const;
    request(`${url}${linkPaths.ca}`, options, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve((JSON.parse(text) as { root: string }).root));
    })
      .on('error', reject)
      .end();
  });
}

function toWebKey(key: KeyObject, of: webcrypto.EcKeyImportParams, usage: 'sign' | 'verify') {
  const type = usage === 'sign' ? 'pkcs8' : 'spki';
  const der = key.export({ type, format: 'der' } as never) as unknown as Buffer;
  return webcrypto.subtle.importKey(type, der, of, true, [usage]);
}
