import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandAloneFileInput } from '@tollgate/contracts/gateway';
import { type GatewayProcess, launchGateway } from './gateway-process.ts';

/** Starts the shipped gateway with one configuration file and no control plane; state and log are kept in `folder`. */
export async function startStandAloneGateway(options: {
  file: StandAloneFileInput;
  folder: string;
  env?: Record<string, string>;
}): Promise<GatewayProcess> {
  const path = join(options.folder, 'gateway.yaml');
  await writeFile(path, JSON.stringify(options.file));
  return launchGateway({ args: ['--config', path], folder: options.folder, env: options.env ?? {} });
}
