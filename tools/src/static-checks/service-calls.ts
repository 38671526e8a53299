import '@tollgate/contracts/rest/analytics';
import '@tollgate/contracts/rest/console';
import '@tollgate/contracts/rest/gateway';
import '@tollgate/contracts/rest/iam';
import '@tollgate/contracts/rest/policy';
import '@tollgate/contracts/rest/portal';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '@tollgate/contracts';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { readText, root } from './repository.ts';

/** How a service calls an endpoint of another: by the name of its declaration, which is its operation id. */
const callPattern = /\bclient\s*\.call\(\s*(\w+)/g;

/** The services whose endpoints the code of a service calls, without itself. */
export function calledServices(caller: ServiceName): ServiceName[] {
  const owners = new Map(endpointCatalogue().map(({ operationId, service }) => [operationId, service]));
  const files = readdirSync(join(root, 'apps', caller, 'src'), { recursive: true, encoding: 'utf8' });
  const called = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .flatMap((file) => [...readText(join('apps', caller, 'src', file)).matchAll(callPattern)])
    .flatMap(([, operationId = '']) => owners.get(operationId) ?? []);
  return [...new Set(called)].filter((service) => service !== caller).sort();
}
