import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newSecretToken } from '@tollgate/auth';
import { startTestIssuer } from '@tollgate/auth/testing';
import { newId, type ServiceName } from '@tollgate/contracts';
import { type Permission, type Principal, rolePermissions } from '@tollgate/contracts/auth';
import { exchangeToken, getMe, getSigningKeys, logIn, logOut, switchTenant } from '@tollgate/contracts/rest/iam';

/** A session as this stand-in knows it. */
export interface TestSession {
  readonly token: string;
  readonly credentialId: string;
  tenantId: string;
  permissions: readonly Permission[];
}

/** Stands for `iam` in suites of the edge: sessions in memory, real internal tokens. */
export interface TestIam {
  readonly url: string;
  /** Begins a session of an owner without anybody logging in. */
  session(tenantId: string, permissions?: readonly Permission[]): TestSession;
  credentialOf(token: string): string;
  /** Requests that reached it, newest last: method, path and headers. */
  readonly seen: { path: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body?: object;
}

const required = { status: 401, body: { type: 'x', title: 'x', status: 401, code: 'auth.required', requestId: 'x' } };
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Starts it on a free loopback port. */
export async function startTestIam(): Promise<TestIam> {
  const issuer = await startTestIssuer();
  const sessions = new Map<string, TestSession>();
  const seen: TestIam['seen'] = [];
  const session = (tenantId: string, permissions: readonly Permission[] = rolePermissions.owner): TestSession => {
    const begun = { token: newSecretToken('ses'), credentialId: newId('ses'), tenantId, permissions };
    sessions.set(begun.token, begun);
    return begun;
  };

  async function exchange(input: { credential: string; audience: ServiceName }): Promise<Answer> {
    const found = sessions.get(input.credential);
    if (found === undefined) return required;
    const { tenantId, permissions, credentialId } = found;
    const principal: Principal = {
      kind: 'user',
      id: newId('usr'),
      tenantId,
      permissions: [...permissions],
      credentialId,
    };
    const token = (await issuer.authorize(input.audience, principal)).slice('Bearer '.length);
    return { status: 200, body: { token, expiresAt: new Date(Date.now() + 60_000).toISOString(), principal } };
  }

  const claims = (request: IncomingMessage): Principal | undefined => {
    const payload = request.headers.authorization?.split('.')[1];
    if (payload === undefined) return undefined;
    return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { principal: Principal }).principal;
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = request.url ?? '';
    const text = await textOf(request);
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
    if (path === getSigningKeys.path) return { status: 200, body: (await (await fetch(issuer.url)).json()) as object };
    if (path === exchangeToken.path)
      return exchange({ credential: body['credential'] ?? '', audience: body['audience'] as ServiceName });
    seen.push({ path, headers: request.headers });
    if (path === logIn.path) {
      if (body['password'] !== 'right') return required;
      const { token, credentialId: sessionId, tenantId } = session(body['tenantId'] ?? newId('tnt'));
      return { status: 200, body: { token, sessionId, tenantId, userId: newId('usr'), expiresAt: inAnHour() } };
    }
    const principal = claims(request);
    const own = [...sessions.values()].find(({ credentialId }) => credentialId === principal?.credentialId);
    if (own === undefined) return required;
    if (path === getMe.path) return { status: 200, body: { tenantId: principal?.tenantId } };
    if (path === switchTenant.path) own.tenantId = body['tenantId'] ?? '';
    if (path === logOut.path) sessions.delete(own.token);
    return { status: 204 };
  }

  const server = createServer((request, response: ServerResponse) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    session,
    credentialOf: (token) => sessions.get(token)?.credentialId ?? '',
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await issuer.close();
    },
  };
}
