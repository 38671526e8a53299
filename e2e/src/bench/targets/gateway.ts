import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandAloneFileInput } from '@tollgate/contracts/gateway';
import { findFreePort } from '@tollgate/embedded';
import { type BenchRequest, benchHost } from '../load/requests.ts';
import { startTarget, type Target } from './target.ts';

const entry = join(import.meta.dirname, '../../../../apps/gateway/dist/main.js');

type GroupInput = StandAloneFileInput['groups'][number];

/** The gateway as it is shipped; its certificate is the self-made one. */
export interface GatewayTarget extends Target {
  readonly tlsPort: number;
}

/** Starts the shipped gateway stand-alone with its default configuration: only ports and folder are set. */
export async function startGateway(options: {
  readonly name: string;
  /** A folder for it is made in here. */
  readonly folder: string;
  readonly upstreamPort: number;
  /** What the group holds beside the upstream `backend`. */
  readonly group: Pick<GroupInput, 'routes' | 'consumers'>;
  readonly probe: BenchRequest;
}): Promise<GatewayTarget> {
  const { name, upstreamPort, group, probe } = options;
  const folder = join(options.folder, name);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, JSON.stringify(gatewayFile(upstreamPort, group)));
  const [port, tlsPort, statusPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const target = await startTarget({
    name,
    command: process.execPath,
    args: [entry, '--config', file],
    env: {
      TOLLGATE_STATE_DIR: join(folder, 'state'),
      GATEWAY_HTTP_PORT: String(port),
      GATEWAY_HTTPS_PORT: String(tlsPort),
      GATEWAY_STATUS_PORT: String(statusPort),
    },
    folder,
    port,
    probe,
  });
  return { ...target, tlsPort };
}

function gatewayFile(upstreamPort: number, group: Pick<GroupInput, 'routes' | 'consumers'>): StandAloneFileInput {
  return {
    groups: [
      {
        id: 'bench',
        settings: { hosts: [benchHost] },
        upstreams: [{ id: 'backend', nodes: { [`127.0.0.1:${upstreamPort}`]: 1 } }],
        ...group,
      },
    ],
  };
}
