import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { linkErrors } from '@tollgate/contracts/dataplane';
import { ApiError } from '@tollgate/platform';

/** A PKCS#10 request whose signature and key were checked. Names that it asks for are ignored: the CA decides them. */
export interface CheckedRequest {
  readonly publicKey: x509.PublicKey;
  readonly der: Buffer;
}

/** @throws ApiError `link.csr_refused` */
export async function checkCertificateRequest(pem: string): Promise<CheckedRequest> {
  const request = await readRequest(pem);
  if (request === null) throw new ApiError(linkErrors.csrRefused);
  return request;
}

async function readRequest(pem: string): Promise<CheckedRequest | null> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem);
    const { name, namedCurve } = request.publicKey.algorithm as { name?: string; namedCurve?: string };
    if (name !== 'ECDSA' || namedCurve !== 'P-256' || !(await request.verify())) return null;
    return { publicKey: request.publicKey, der: Buffer.from(request.rawData) };
  } catch {
    return null;
  }
}
