import { createHash, X509Certificate } from 'node:crypto';
import { caResponse, issuedIdentity, linkPaths, parseEnrolmentToken } from '@tollgate/contracts/dataplane';
import { type LinkAddress, LinkHttp } from '../link/link-http.ts';
import { version } from '../version.ts';
import type { Identity } from './identity-store.ts';
import { createKeyAndRequest, proveKey } from './key-material.ts';

/** The control plane is not the one that the enrolment token names. */
export class UntrustedControlPlane extends Error {
  override readonly name = 'UntrustedControlPlane';
}

/** The enrolment token is not of the form of one. */
export class UnreadableToken extends Error {
  override readonly name = 'UnreadableToken';
}

/**
 * Gets the first identity. The CA is fetched without trust and believed only when its fingerprint is the token's; the token itself
 * travels only after that.
 * @throws UnreadableToken, UntrustedControlPlane, LinkRefusal
 */
export async function enrol(address: LinkAddress, token: string, name: string): Promise<Identity> {
  const parts = parseEnrolmentToken(token);
  if (parts === null) throw new UnreadableToken('TOLLGATE_ENROL_TOKEN is no enrolment token');
  const root = await fetchRoot(address, parts.caFingerprint);
  const { privateKey, csr } = await createKeyAndRequest();
  const answer = await once(new LinkHttp(address, { root }), (http) =>
    http.post(linkPaths.enrol, { token, csr, version, hostname: name }),
  );
  return { ...issuedIdentity.parse(answer), privateKey };
}

/** Gets the next identity by proof of the present key; works with an expired one too. @throws LinkRefusal */
export async function renew(address: LinkAddress, present: Identity): Promise<Identity> {
  const { privateKey, csr } = await createKeyAndRequest();
  const certificate = new X509Certificate(present.certificateChain).toString();
  const proof = proveKey(present.privateKey, csr);
  const answer = await once(new LinkHttp(address, { root: present.root }), (http) =>
    http.post(linkPaths.renew, { certificate, csr, proof }),
  );
  return { ...issuedIdentity.parse(answer), privateKey };
}

async function fetchRoot(address: LinkAddress, fingerprint: string): Promise<string> {
  const answer = await once(new LinkHttp(address, { root: null }), (http) => http.get(linkPaths.ca));
  const { root } = caResponse.parse(answer);
  const actual = createHash('sha256').update(new X509Certificate(root).raw).digest('hex');
  if (actual !== fingerprint) {
    throw new UntrustedControlPlane('the CA of the control plane is not the one that the enrolment token names');
  }
  return root;
}

async function once<T>(http: LinkHttp, work: (http: LinkHttp) => Promise<T>): Promise<T> {
  try {
    return await work(http);
  } finally {
    await http.close();
  }
}
