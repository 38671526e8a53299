import type { CreatedEnrolmentToken, GatewayGroup } from '@tollgate/contracts/rest/gateway';
import type { RunningGatewayManager, SampleTenant } from '../../testing/start-gateway-manager.ts';
import { LinkServer } from '../link-server.ts';
import { fetchRoot, LinkClient } from './link-client.ts';

/** A tenant with a self-hosted group, and the link as its data planes see it. */
export interface LinkScene {
  readonly tenant: SampleTenant;
  readonly group: GatewayGroup;
  /** Without a client certificate. */
  readonly client: LinkClient;
  createToken(input?: { reusable?: boolean; expiresInSeconds?: number }): Promise<CreatedEnrolmentToken>;
  /** A client with a certificate of the group's pool. */
  enrol(): Promise<LinkClient & { identity: NonNullable<LinkClient['identity']> }>;
}

/** Suites enrol more often in a minute than anybody else may. */
export const manyEnrolments = { RATE_LIMIT_SENSITIVE_PER_MINUTE: '100000' };

export async function setScene(manager: RunningGatewayManager): Promise<LinkScene> {
  const tenant = await manager.addTenant();
  const { tenantId, environmentId } = tenant;
  const created = await manager.request<GatewayGroup>('/api/v1/gateway-groups', {
    tenantId,
    body: { environmentId, name: 'main', pool: 'self-hosted' },
  });
  const group = created.body;
  const { url } = manager.service.app.get(LinkServer, { strict: false });
  const client = new LinkClient(url, await fetchRoot(url));
  const createToken: LinkScene['createToken'] = async (input = {}) => {
    const path = `/api/v1/pools/${group.poolId}/enrolment-tokens`;
    const answer = await manager.request<CreatedEnrolmentToken>(path, { tenantId, body: { name: 'suite', ...input } });
    if (answer.status !== 201) throw new Error(`no token: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    tenant,
    group,
    client,
    createToken,
    async enrol() {
      const identity = await client.enrol((await createToken()).token);
      return Object.assign(client.as(identity), { identity });
    },
  };
}
