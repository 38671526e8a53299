import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceName } from '@tollgate/contracts';
import type { Principal } from '@tollgate/contracts/auth';
import { exportJWK, generateKeyPair } from 'jose';
import { signInternalToken } from '../tokens/internal-tokens.ts';

/** Stands for `iam` in suites of other services: signs internal tokens and serves its public key. */
export interface TestIssuer {
  /** For `IAM_URL`. */
  readonly url: string;
  /** Value of an Authorization header that `audience` accepts for a minute. */
  authorize(audience: ServiceName, principal: Principal): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer with a key of its own on a free loopback port. */
export async function startTestIssuer(): Promise<TestIssuer> {
  const keyId = 'test-key';
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'EdDSA', use: 'sig' }] });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async authorize(audience, principal) {
      return `Bearer ${(await signInternalToken({ principal, audience, privateKey, keyId })).token}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
