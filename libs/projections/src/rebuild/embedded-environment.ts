import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFile } from '@tollgate/contracts/runtime';

const urlVariables = {
  iam: 'IAM_URL',
  'gateway-manager': 'GATEWAY_MANAGER_URL',
  'developer-portal': 'DEVELOPER_PORTAL_URL',
  analytics: 'ANALYTICS_URL',
} as const;

/**
 * What the embedded installation in a data folder would have in its environment: addresses of services and the master key. Empty when
 * none runs there.
 */
export async function embeddedEnvironment(dataDir: string): Promise<Record<string, string>> {
  const text = await readFile(join(dataDir, 'run.json'), 'utf8').catch(() => null);
  if (text === null) return {};
  const urls = runFile.parse(JSON.parse(text)).processes['standalone']?.urls ?? {};
  const masterKey = await readFile(join(dataDir, 'keys', 'master.key'), 'utf8').catch(() => '');
  const addresses = Object.entries(urlVariables).flatMap(([service, variable]) => {
    const url = urls[service];
    return url === undefined ? [] : [[variable, url] as const];
  });
  return { ...Object.fromEntries(addresses), ...(masterKey === '' ? {} : { TOLLGATE_MASTER_KEY: masterKey.trim() }) };
}
