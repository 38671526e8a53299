import { sign, X509Certificate } from 'node:crypto';
import { parseEnrolmentToken } from '@tollgate/contracts/dataplane';
import type { ForcedDeletion, Page } from '@tollgate/contracts/rest';
import type { DataPlane } from '@tollgate/contracts/rest/gateway';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CertificateAuthority } from '../ca/certificate-authority.ts';
import { EnrolmentService } from '../enrolment/enrolment.service.ts';
import { type RunningGatewayManager, startGatewayManager } from '../testing/start-gateway-manager.ts';
import { type LinkScene, manyEnrolments, setScene } from './testing/link-scene.ts';
import { makeRequest } from './testing/link-client.ts';

const facts = { version: '1.0.0', hostname: 'test-machine' };
const dayMs = 86_400_000;

let manager: RunningGatewayManager;
let scene: LinkScene;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'), manyEnrolments);
  scene = await setScene(manager);
});
afterAll(() => manager.close());

async function tryToEnrol(token: string) {
  const { csr } = await makeRequest();
  return scene.client.post('/link/v1/enrol', { token, csr, ...facts });
}

describe('enrolment', () => {
  it('gives a certificate that names pool and instance and lives 30 days', async () => {
    const { identity } = await scene.enrol();
    const certificate = new X509Certificate(identity.certificateChain);
    expect(certificate.subjectAltName).toBe(
      `URI:tollgate://pool/${scene.group.poolId}/instance/${identity.dataPlaneId}`,
    );
    const lifetimeMs = Date.parse(identity.notAfter) - Date.now();
    expect(lifetimeMs / dayMs).toBeCloseTo(30, 1);
    expect((Date.parse(identity.renewAt) - Date.now()) / dayMs).toBeCloseTo(10, 1);
    const [row] = await manager.database.query('select id from gateway.client_certificates where data_plane_id = $1', [
      identity.dataPlaneId,
    ]);
    expect(row).toEqual({ id: certificate.serialNumber });
  });

  it('puts the fingerprint of the CA into the token', async () => {
    const { token } = await scene.createToken();
    const { root } = (await scene.enrol()).identity;
    const fingerprint = new X509Certificate(root).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(parseEnrolmentToken(token)?.caFingerprint).toBe(fingerprint);
  });

  it('refuses a wrong secret, an unknown token and nonsense alike', async () => {
    const { token } = await scene.createToken();
    const parts = token.split('_');
    const wrongSecret = token.replace(/_[A-Za-z0-9_-]{43}_(?=[0-9a-f]{64}$)/, `_${'A'.repeat(43)}_`);
    const unknown = token.replace(parts[2] ?? '', '0'.repeat(26));
    for (const wrong of [wrongSecret, unknown, 'nonsense']) {
      expect(await tryToEnrol(wrong)).toMatchObject({ status: 401, body: { code: 'link.token_refused' } });
    }
  });

  it('takes a one-time token once, even when many try at the same moment', async () => {
    const { token } = await scene.createToken();
    const answers = await Promise.all(Array.from({ length: 5 }, () => tryToEnrol(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
  });

  it('takes a reusable token again', async () => {
    const { token } = await scene.createToken({ reusable: true });
    expect((await tryToEnrol(token)).status).toBe(201);
    expect((await tryToEnrol(token)).status).toBe(201);
  });

  it('refuses a revoked and an expired token', async () => {
    const revoked = await scene.createToken();
    const path = `/api/v1/pools/${scene.group.poolId}/enrolment-tokens/${revoked.id}`;
    const { tenantId } = scene.tenant;
    expect((await manager.request(path, { tenantId, method: 'DELETE' })).status).toBe(204);
    const expired = await scene.createToken();
    await manager.database.query(`update gateway.enrolment_tokens set expires_at = now() where id = $1`, [expired.id]);
    for (const { token } of [revoked, expired]) expect((await tryToEnrol(token)).status).toBe(401);
  });

  it('signs only requests for a P-256 key that the requester holds', async () => {
    const { token } = await scene.createToken();
    const otherCurve = await makeRequest('P-384');
    const { der } = await makeRequest();
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const tampered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    for (const csr of [otherCurve.csr, tampered]) {
      const answer = await scene.client.post('/link/v1/enrol', { token, csr, ...facts });
      expect(answer).toMatchObject({ status: 400, body: { code: 'link.csr_refused' } });
    }
    expect((await tryToEnrol(token)).status).toBe(201);
  });

  it('shows a token of another tenant’s pool to nobody', async () => {
    const { tenantId } = await manager.addTenant();
    const path = `/api/v1/pools/${scene.group.poolId}/enrolment-tokens`;
    expect((await manager.request(path, { tenantId })).status).toBe(404);
    expect((await manager.request(path, { tenantId, body: { name: 'x' } })).status).toBe(404);
  });
});

describe('renewal', () => {
  it('gives the holder of the key a new certificate of the same instance', async () => {
    const { identity } = await scene.enrol();
    const renewed = await scene.client.renew(identity);
    expect(renewed).toMatchObject({ status: 200, body: { dataPlaneId: identity.dataPlaneId } });
    expect(renewed.body['certificateChain']).not.toBe(identity.certificateChain);
  });

  it('refuses whoever has the certificate but not the key', async () => {
    const { identity } = await scene.enrol();
    const { privateKey } = await makeRequest();
    expect(await scene.client.renew(identity, privateKey)).toMatchObject({
      status: 401,
      body: { code: 'link.certificate_refused' },
    });
  });

  it('refuses a revoked instance', async () => {
    const { identity } = await scene.enrol();
    const path = `/api/v1/data-planes/${identity.dataPlaneId}/revoke`;
    await manager.request(path, { tenantId: scene.tenant.tenantId, method: 'POST' });
    expect(await scene.client.renew(identity)).toMatchObject({ status: 403, body: { code: 'link.instance_revoked' } });
  });

  it('lets an expired certificate do nothing but renew itself, for 90 days', async () => {
    const { identity } = await scene.enrol();
    const authority = manager.service.app.get(CertificateAuthority, { strict: false });
    const enrolment = manager.service.app.get(EnrolmentService, { strict: false });
    const certificate = new X509Certificate(identity.certificateChain);
    const { csr, der } = await makeRequest();
    const proof = sign('sha256', der, { key: identity.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    const request = { certificate: certificate.toString(), csr, proof };
    const after = (days: number) => new Date(Date.parse(identity.notAfter) + days * dayMs);

    expect((await authority.verifyClient(certificate, after(1))).state).toBe('expired');
    await expect(enrolment.renew(request, after(89))).resolves.toMatchObject({ dataPlaneId: identity.dataPlaneId });
    await expect(enrolment.renew(request, after(91))).rejects.toThrow(/90 days/);
  });
});

describe('a self-hosted group that data planes are enrolled for', () => {
  it('is deleted by force only, which revokes them and the tokens, and remembers that in its pool', async () => {
    const own = await setScene(manager);
    const { group } = own;
    const { tenantId } = own.tenant;
    const plane = await own.enrol();
    const { dataPlaneId } = plane.identity;
    const left = await own.createToken();
    const path = `/api/v1/gateway-groups/${group.id}`;
    const remove = { tenantId, method: 'DELETE', ifMatch: group.version } as const;
    expect(await manager.request(path, remove)).toMatchObject({
      status: 409,
      body: { code: 'resource.in_use', errors: [{ pointer: `/data-planes/${dataPlaneId}` }] },
    });
    const ask = () => plane.post('/link/v1/ack', { items: [] });
    expect(await ask()).not.toMatchObject({ body: { code: 'link.instance_revoked' } });
    const body = { dependants: [{ kind: 'data-plane', id: dataPlaneId, effect: 'revoked' }], total: 1 };
    const planned = await manager.request<ForcedDeletion>(`${path}?force=true&dryRun=true`, remove);
    expect(planned).toMatchObject({ status: 200, body });
    expect(await ask()).not.toMatchObject({ body: { code: 'link.instance_revoked' } });
    expect(await manager.request<ForcedDeletion>(`${path}?force=true`, remove)).toMatchObject({ status: 200, body });
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'link.instance_revoked' } });
    expect(await tryToEnrol(left.token)).toMatchObject({ status: 401, body: { code: 'link.token_refused' } });
    const { body: planes } = await manager.request<Page<DataPlane>>('/api/v1/data-planes', { tenantId });
    expect(planes.items).toMatchObject([{ id: dataPlaneId, poolId: group.poolId, status: 'offline' }]);
    expect((await manager.request(`/api/v1/pools/${group.poolId}`, { tenantId })).status).toBe(200);
  });

  it('is deleted as usual once they are revoked', async () => {
    const own = await setScene(manager);
    const { group } = own;
    const { tenantId } = own.tenant;
    const { identity } = await own.enrol();
    await manager.request(`/api/v1/data-planes/${identity.dataPlaneId}/revoke`, { tenantId, method: 'POST' });
    const path = `/api/v1/gateway-groups/${group.id}`;
    expect((await manager.request(path, { tenantId, method: 'DELETE', ifMatch: group.version })).status).toBe(204);
  });
});
