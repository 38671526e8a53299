import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readText, root } from './repository.ts';

/**
 * Calls that one service waits for another to answer, by who calls: the exchange of tokens, templates at publish, snapshots of what others
 * own, usage that a developer looks at, and tries. Everything else goes by events, so that a service works while the others are away.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'apps/analytics': [
    'listGroupSnapshots',
    'listPlanVersionSnapshots',
    'listProductSnapshots',
    'listPublishedRoutes',
    'listSubscriptionSnapshots',
    'snapshotTenants',
  ],
  'apps/console-bff': ['exchangeToken'],
  'apps/developer-portal': [
    'listGroupSnapshots',
    'listPriceSnapshots',
    'listPublishedRoutes',
    'listQuotaSnapshots',
    'readUsage',
    'snapshotTenants',
    'tryRequestForService',
  ],
  'apps/gateway-manager': [
    'listCredentialSnapshots',
    'listPlanVersionSnapshots',
    'listProductSnapshots',
    'listQuotaSnapshots',
    'listSubscriptionSnapshots',
    'resolveLatestPolicyTemplateVersion',
    'resolvePolicyTemplateVersion',
    'snapshotEnvironments',
    'snapshotTenants',
  ],
  'apps/iam': ['listGroupSnapshots'],
  'libs/auth': ['checkCredential'],
  // `endpoint`: the one that the command `rebuild` was told.
  'libs/projections': ['endpoint', 'snapshotTenants'],
};

function callsMade(): Record<string, string[]> {
  const made = new Map<string, Set<string>>();
  for (const file of globSync('{apps,libs}/*/src/**/*.ts', { cwd: root })) {
    if (/\.(int-)?spec\.ts$|\/testing\//.test(file)) continue;
    const text = readText(file);
    if (!text.includes('ServiceClient')) continue;
    const project = file.split('/', 2).join('/');
    const names = made.get(project) ?? new Set();
    for (const [, name = ''] of text.matchAll(/\bclient\.call\(\s*(\w+),/g)) names.add(name);
    if (names.size > 0) made.set(project, names);
  }
  return Object.fromEntries([...made].sort().map(([project, names]) => [project, [...names].sort()]));
}

describe('calls between services', () => {
  it('are made where they are listed and nowhere else', () => {
    expect(callsMade()).toEqual(allowed);
  });
});
