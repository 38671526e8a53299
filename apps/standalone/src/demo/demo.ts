import { access, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTollgateClient } from '@tollgate/client';
import type { DemoFile } from '@tollgate/contracts/runtime';
import type { IamSeeding } from '@tollgate/iam';
import { type DemoPeople, peopleFile, readOrInventPeople } from './demo-people.ts';
import { createDemoTenant, demoSlug } from './demo-tenant.ts';
import { prepareSharedGateway } from './shared-pool.ts';

/** What the demo works with. */
export interface DemoInput {
  dataDir: string;
  consoleUrl: string;
  portalUrl: string;
  gatewayHttpPort: number;
  seeding: Pick<IamSeeding, 'ensureOperator'>;
}

/**
 * Makes what a newcomer finds: an operator, the shared gateways, and a demo tenant with an API, a developer and a key. The first start
 * does it and writes `demo.json`; a start that was interrupted is taken up again; later starts find it done. The tenant's back end is a
 * process of its own, which has been started before.
 * @throws when it has not.
 */
export async function prepareDemo(input: DemoInput): Promise<void> {
  const demoFilePath = join(input.dataDir, 'demo.json');
  const isDone = await access(demoFilePath).then(
    () => true,
    () => false,
  );
  if (isDone) return;

  const people = await readOrInventPeople(peopleFile(input.dataDir));
  if (people.bookshopPort === 0) throw new Error('The demo needs its back end: start dist/bookshop.js before.');
  const { admin, developer, operator } = people;
  await input.seeding.ensureOperator(operator);
  const client = (baseUrl: string) => (token?: string) =>
    createTollgateClient({ baseUrl, ...(token === undefined ? {} : { token }), userAgent: 'tollgate-demo' });
  const consoleOf = client(input.consoleUrl);
  const { data: session } = await consoleOf().POST('/api/v1/auth/login', {
    body: { email: operator.email, password: operator.password },
  });
  const staff = consoleOf(session?.token);
  await prepareSharedGateway(staff, join(input.dataDir, 'gateway'));
  const curl = await createDemoTenant(
    { console: consoleOf, portal: client(input.portalUrl), operator: staff, gatewayPort: input.gatewayHttpPort },
    people,
    `http://127.0.0.1:${people.bookshopPort}`,
  );
  const logIn = ({ email, password }: DemoPeople['admin']): DemoFile['admin'] => ({ email, password });
  const demo: DemoFile = {
    admin: logIn(admin),
    developer: logIn(developer),
    operator: logIn(operator),
    siteSlug: demoSlug,
    curl,
  };
  await writeFile(`${demoFilePath}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(`${demoFilePath}.new`, demoFilePath);
}
