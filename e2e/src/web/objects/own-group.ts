import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/embedded';
import { dataOf } from '../../journey/world.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { newGroup } from '../organisations.ts';
import type { ObjectsWorld } from './objects-world.ts';

/** A gateway group with a data plane of its own that listens for streams. */
export interface OwnGroup {
  readonly id: string;
  readonly streamPort: number;
  readonly gateway: GatewayProcess;
}

/** Makes the group and starts its data plane. */
export async function bringUpOwnGroup({ admin, demo, folder }: ObjectsWorld): Promise<OwnGroup> {
  const path = { groupId: demo.ids.group };
  const { environmentId } = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params: { path } }));
  const { id, poolId } = await newGroup(admin, environmentId, 'own');
  const { token, linkUrl } = await dataOf(
    admin.POST('/api/v1/pools/{poolId}/enrolment-tokens', {
      params: { path: { poolId } },
      body: { name: 'streams', reusable: false, expiresInSeconds: 600 },
    }),
  );
  const streamPort = await findFreePort();
  const gateway = await startGateway({
    linkUrl,
    enrolToken: token,
    folder: join(folder, 'own-gateway'),
    env: { GATEWAY_STREAM_TCP_PORTS: String(streamPort), EGRESS_ALLOWED_RANGES: '127.0.0.0/8' },
  });
  return { id, streamPort, gateway };
}

/** A server that sends back every byte, and the port that it listens on. */
export async function startEcho(): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => void socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

/** What comes back for a text that is sent to a port; undefined when the connection is closed or broken before. */
export async function echoOf(port: number, text: string): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(text);
    let answer = '';
    for await (const chunk of socket) {
      answer += String(chunk);
      if (answer.length >= text.length) return answer;
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
