import { poll } from '../../support/poll.ts';
import { callPrice, productName } from './product.ts';
import type { Scene } from './scene.ts';
import { applicationName } from './subscribing.ts';

/** Analytics shows the calls of the application. */
export async function seeCalls({ admin }: Scene, calls: number): Promise<void> {
  await admin.goTo('analytics');
  const top = admin.page.getByRole('table', { name: admin.say('analytics.top.subscription') });
  const row = top.getByRole('row').filter({ hasText: applicationName });
  await row
    .getByRole('cell', { name: String(calls), exact: true })
    .first()
    .waitFor();
  await admin.look('console: analytics');
}

/** The billing preview has the price of the calls. */
export async function seePrice({ admin }: Scene, calls: number): Promise<void> {
  await admin.goTo('billing');
  const lines = admin.page.getByRole('table', { name: admin.say('billing.lines') });
  const amount = new Intl.NumberFormat(admin.language, { style: 'currency', currency: 'EUR' }).format(
    calls * callPrice,
  );
  const line = lines.getByRole('row').filter({ hasText: applicationName }).filter({ hasText: productName });
  await line.filter({ hasText: amount }).waitFor();
  await admin.look('console: billing');
}

/** Takes the last publish back: what it brought is gone, and what was in force before is there again. */
export async function rollBack({ admin, client }: Scene, gateway: string): Promise<void> {
  await admin.goTo('revisions');
  await admin.look('console: revisions');
  const now = await revisionInForce(admin);
  await admin.page
    .getByRole('table', { name: admin.say('revisions.title') })
    .getByRole('button', { name: admin.say('revisions.rollBack.to', { values: { n: now - 1 } }) })
    .click();
  await admin.dialog.sees('revisions.rollBack.changes', { count: 6, values: { n: 6 } });
  await admin.look('console: roll back');
  await admin.dialog.press('revisions.rollBack.submit', { values: { n: now - 1 } });
  await admin.sees('revisions.inForce.title', { values: { n: now + 1 } });
  await client.callUntil(404, { address: `${gateway}books` });
  await client.callUntil(200, { address: `${gateway}status` });
  await admin.look('console: rolled back');
}

async function revisionInForce(admin: Scene['admin']): Promise<number> {
  return poll(
    'the revision in force is shown',
    async () => {
      for (let n = 2; n < 10; n += 1) {
        const title = admin.say('revisions.inForce.title', { values: { n } });
        if ((await admin.page.getByText(title, { exact: true }).count()) > 0) return n;
      }
      return undefined;
    },
    { withinMs: 10_000, everyMs: 100 },
  );
}
