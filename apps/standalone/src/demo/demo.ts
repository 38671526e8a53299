import { access, rename, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { createTollgateClient } from '@tollgate/client';
import type { DemoFile } from '@tollgate/contracts/runtime';
import type { IamSeeding } from '@tollgate/iam';
import { startBookshop } from './bookshop.ts';
import { type DemoPeople, readOrInventPeople, writePeople } from './demo-people.ts';
import { createDemoTenant } from './demo-tenant.ts';
import { prepareSharedGateway } from './shared-pool.ts';

/** What the demo works with. */
export interface DemoInput {
  dataDir: string;
  consoleUrl: string;
  portalUrl: string;
  gatewayHttpPort: number;
  seeding: Pick<IamSeeding, 'ensureOperator'>;
}

async function startRememberedBookshop(people: DemoPeople): Promise<{ port: number; server: Server }> {
  try {
    return await startBookshop(people.bookshopPort);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${people.bookshopPort} is the demo's back end, and something else listens there. Stop it, or forget the demo with \`npm run reset\`.`,
      { cause: error },
    );
  }
}

/**
 * Makes what a newcomer finds: an operator, the shared gateways, and a demo tenant with an API, a developer and a key. The first start
 * does it and writes `demo.json`; a start that was interrupted is taken up again; later starts only bring the demo's back end up.
 */
export async function prepareDemo(input: DemoInput): Promise<Server> {
  const peopleFile = join(input.dataDir, 'keys', 'demo-people.json');
  const demoFilePath = join(input.dataDir, 'demo.json');
  const people = await readOrInventPeople(peopleFile);
  const { port, server } = await startRememberedBookshop(people);
  if (port !== people.bookshopPort) await writePeople(peopleFile, { ...people, bookshopPort: port });
  const isDone = await access(demoFilePath).then(
    () => true,
    () => false,
  );
  if (isDone) return server;

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
    `http://127.0.0.1:${port}`,
  );
  const logIn = ({ email, password }: DemoPeople['admin']): DemoFile['admin'] => ({ email, password });
  const demo: DemoFile = { admin: logIn(admin), developer: logIn(developer), operator: logIn(operator), curl };
  await writeFile(`${demoFilePath}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(`${demoFilePath}.new`, demoFilePath);
  return server;
}
