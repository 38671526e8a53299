import 'reflect-metadata';
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import {
  BasicOCSPResponse,
  CertStatus,
  id_kp_OCSPSigning,
  id_pkix_ocsp_basic,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate } from '@peculiar/asn1-x509';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, type EngineOptions } from '../../engine.ts';
import { createCertificate, type TestCertificate } from '../../testing/certificates.ts';
import { resource } from '../../testing/index.ts';
import { refusePrivateAddresses } from '../../upstream/address-guard.ts';

const hour = 3_600_000;
const running: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

let authority: TestCertificate;
let leaf: TestCertificate;
let responder: { server: Server; asked: number; answer: (request: OCSPRequest) => Buffer | null };
beforeEach(async () => {
  authority = await createCertificate({ name: 'authority', isAuthority: true });
  const server = createServer((request, response) => {
    responder.asked++;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = responder.answer(AsnConvert.parse(Buffer.concat(chunks), OCSPRequest));
      if (answer !== null) response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => {
    server.closeAllConnections();
    server.close();
  });
  responder = { server, asked: 0, answer: (request) => answerTo(request, authority) };
  const { port } = server.address() as AddressInfo;
  leaf = await createCertificate({ name: 'api.test', issuedBy: authority, ocspUrl: `http://127.0.0.1:${port}/ocsp` });
});

interface AnswerOptions {
  readonly untilMs?: number;
  readonly withSigner?: boolean;
}

/** What a responder says about the certificate that it is asked for, signed by `signer`. */
function answerTo(request: OCSPRequest, signer: TestCertificate, options: AnswerOptions = {}): Buffer {
  const { untilMs = Date.now() + hour, withSigner = false } = options;
  const [asked] = request.tbsRequest.requestList;
  if (asked === undefined) throw new Error('nothing is asked');
  const key = createHash('sha1').update(new X509Certificate(signer.cert).raw).digest();
  const tbsResponseData = new ResponseData({
    responderID: new ResponderID({ byKey: new OctetString(key) }),
    producedAt: new Date(),
    responses: [
      new SingleResponse({
        certID: asked.reqCert,
        certStatus: new CertStatus({ good: null }),
        thisUpdate: new Date(Date.now() - hour),
        nextUpdate: new Date(untilMs),
      }),
    ],
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsResponseData));
  const signature = sign('sha256', signed, createPrivateKey(signer.key));
  const answer = new BasicOCSPResponse({
    tbsResponseData,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
    signature: new Uint8Array(signature).buffer,
    ...(withSigner ? { certs: [AsnConvert.parse(new X509Certificate(signer.cert).raw, Certificate)] } : {}),
  });
  const response = new OctetString(AsnConvert.serialize(answer));
  return Buffer.from(
    AsnConvert.serialize(
      new OCSPResponse({
        responseStatus: OCSPResponseStatus.successful,
        responseBytes: new ResponseBytes({ responseType: id_pkix_ocsp_basic, response }),
      }),
    ),
  );
}

/** @param chain certificates that stand behind the host's own, in their order. */
async function start(
  stapling: Record<string, unknown> = {},
  options: Partial<EngineOptions> = {},
  chain = [authority],
): Promise<number> {
  const engine = await createEngine({ policies: [], ...options });
  running.push(() => engine.close({ withinMs: 0 }));
  const { cert, key } = leaf;
  const ssl = {
    sni: 'api.test',
    cert: [cert, ...chain.map((other) => other.cert)].join('\n'),
    key,
    ocsp_stapling: { enabled: true, ...stapling },
  };
  const result = engine.apply('g1', 'revision', {
    put: [resource('group_settings', 'settings', { tenantId: 't1', hosts: ['api.test'] }), resource('ssl', 'c1', ssl)],
  });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return (await engine.listenHttps({ port: 0 })).port;
}

/** The state that a handshake brings along, or null. */
async function stapleOf(port: number): Promise<Buffer | null> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'api.test', ca: authority.cert, requestOCSP: true });
  const told = new Promise<Buffer | null>((resolve, reject) => {
    socket.once('OCSPResponse', (response: Buffer | null) => resolve(response));
    socket.once('error', reject);
  });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  socket.destroy();
  const response = await told;
  return response === null || response.length === 0 ? null : response;
}

describe('the state of a certificate', () => {
  it('is told to clients that ask, as its issuer has signed it, and is asked for once', async () => {
    const port = await start();
    const staple = await stapleOf(port);
    expect(staple).not.toBeNull();
    expect(AsnConvert.parse(staple ?? Buffer.alloc(0), OCSPResponse).responseStatus).toBe(0);
    expect(await stapleOf(port)).toEqual(staple);
    expect(responder.asked).toBe(1);
  });

  it('is found for a chain of any length, wherever the issuer stands in it', async () => {
    const between = await createCertificate({ name: 'between', isAuthority: true, issuedBy: authority });
    const { port } = responder.server.address() as AddressInfo;
    leaf = await createCertificate({ name: 'api.test', issuedBy: between, ocspUrl: `http://127.0.0.1:${port}/ocsp` });
    responder.answer = (request) => answerTo(request, between);
    expect(await stapleOf(await start({}, {}, [between, authority]))).not.toBeNull();
    expect(await stapleOf(await start({}, {}, [authority, between]))).not.toBeNull();
    responder.answer = (request) => answerTo(request, authority);
    expect(await stapleOf(await start({}, {}, [between, authority]))).toBeNull();
  });

  it('may be signed by whom the issuer has charged, and by nobody else', async () => {
    const charged = await createCertificate({ name: 'charged', issuedBy: authority, usages: [id_kp_OCSPSigning] });
    responder.answer = (request) => answerTo(request, charged, { withSigner: true });
    expect(await stapleOf(await start())).not.toBeNull();
    const other = await createCertificate({ name: 'other', issuedBy: authority });
    responder.answer = (request) => answerTo(request, other, { withSigner: true });
    expect(await stapleOf(await start())).toBeNull();
    expect(await stapleOf(await start({ skip_verify: true }))).not.toBeNull();
  });

  it('is not told when the answer is out of date, or no answer', async () => {
    responder.answer = (request) => answerTo(request, authority, { untilMs: Date.now() - 1000 });
    expect(await stapleOf(await start())).toBeNull();
    responder.answer = () => Buffer.from('no answer');
    const port = await start();
    expect(await stapleOf(port)).toBeNull();
    const { asked } = responder;
    expect(await stapleOf(port)).toBeNull();
    expect(responder.asked).toBe(asked);
  });

  it('holds a handshake up for a moment only when the responder is silent', async () => {
    responder.answer = () => null;
    const port = await start();
    const startedAt = performance.now();
    expect(await stapleOf(port)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('is asked for again before it ends, and told as long as it holds', async () => {
    let now = Date.now();
    const port = await start({ cache_ttl: 60 }, { clock: () => now });
    const first = await stapleOf(port);
    responder.answer = () => Buffer.from('no answer');
    now += 61_000;
    expect(await stapleOf(port)).toEqual(first);
    await eventually(() => expect(responder.asked).toBe(2), { withinMs: 2000 });
    now += hour;
    expect(await stapleOf(port)).toBeNull();
  });

  it('is not asked for at addresses that the guard refuses, nor unless it is switched on', async () => {
    expect(await stapleOf(await start({}, { guard: refusePrivateAddresses() }))).toBeNull();
    expect(await stapleOf(await start({ enabled: false }))).toBeNull();
    expect(responder.asked).toBe(0);
  });
});
