import { createHash, verify, X509Certificate } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  id_kp_OCSPSigning,
  id_pkix_ocsp_basic,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate } from '@peculiar/asn1-x509';
import type { StapleSource } from './staple-source.ts';

/** RFC 6960 has every responder know this one, and it secures nothing here. */
const sha1 = { oid: '1.3.14.3.2.26', name: 'sha1' };
const asn1Null = new Uint8Array([5, 0]).buffer;
/** By the object identifier of a signature; null: the algorithm has its own. */
const hashes: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};
/** Responders that differ from the issuer send their own certificate along; more than this is nonsense. */
const mostSigners = 4;

/** Names a certificate to a responder. */
export function certificateId({ certificate, issuer }: Pick<StapleSource, 'certificate' | 'issuer'>): CertID {
  const subject = AsnConvert.parse(certificate.raw, Certificate).tbsCertificate;
  const authority = AsnConvert.parse(issuer.raw, Certificate).tbsCertificate;
  const hashOf = (bytes: ArrayBuffer) => new OctetString(createHash(sha1.name).update(Buffer.from(bytes)).digest());
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha1.oid, parameters: asn1Null }),
    issuerNameHash: hashOf(AsnConvert.serialize(authority.subject)),
    issuerKeyHash: hashOf(authority.subjectPublicKeyInfo.subjectPublicKey),
    serialNumber: subject.serialNumber,
  });
}

/** The request for the state of a certificate, DER. */
export function writeRequest(source: StapleSource): Buffer {
  const requestList = [new Request({ reqCert: certificateId(source) })];
  return Buffer.from(AsnConvert.serialize(new OCSPRequest({ tbsRequest: new TBSRequest({ requestList }) })));
}

/**
 * Checks an answer: it is about the certificate, in force now, and signed by the issuer or whom the issuer has charged with it.
 * @returns when it ends, milliseconds since the epoch. @throws Error when it is of no use.
 */
export function checkAnswer(bytes: Buffer, source: StapleSource, now: number): number {
  const { responseStatus, responseBytes } = AsnConvert.parse(bytes, OCSPResponse);
  if (responseStatus !== OCSPResponseStatus.successful || responseBytes?.responseType !== id_pkix_ocsp_basic) {
    throw new Error(`the responder has answered with status ${responseStatus}`);
  }
  const answer = AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse);
  const { serialNumber } = certificateId(source);
  const state = answer.tbsResponseData.responses.find(
    ({ certID }) => Buffer.compare(Buffer.from(certID.serialNumber), Buffer.from(serialNumber)) === 0,
  );
  if (state?.nextUpdate === undefined) throw new Error('the answer is not about the certificate, or has no end');
  if (state.thisUpdate.getTime() > now + 60_000) throw new Error('the answer is from the future');
  if (state.nextUpdate.getTime() <= now) throw new Error('the answer is out of date');
  if (!source.skipsVerification && !isSigned(answer, source)) throw new Error('the answer has a wrong signature');
  return state.nextUpdate.getTime();
}

function isSigned(answer: BasicOCSPResponse, { issuer }: StapleSource): boolean {
  const hash = hashes[answer.signatureAlgorithm.algorithm];
  if (hash === undefined) return false;
  const signed = Buffer.from(answer.tbsResponseDataRaw ?? AsnConvert.serialize(answer.tbsResponseData));
  const charged = (answer.certs ?? [])
    .slice(0, mostSigners)
    .map((certificate) => new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))))
    .filter((candidate) => isCharged(candidate, issuer));
  return [issuer, ...charged].some(({ publicKey }) => verify(hash, signed, publicKey, Buffer.from(answer.signature)));
}

function isCharged(candidate: X509Certificate, issuer: X509Certificate): boolean {
  return (
    candidate.checkIssued(issuer) &&
    candidate.verify(issuer.publicKey) &&
    // Extended usages; undefined when there are none, whatever the types say.
    ((candidate.keyUsage as string[] | undefined)?.includes(id_kp_OCSPSigning) ?? false)
  );
}
