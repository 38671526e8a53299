import { expect } from 'vitest';
import { addressIn } from './gateway-client.ts';
import type { Scene } from './scene.ts';

/** An organisation is founded. */
export async function signUp({ admin, addresses, cast }: Scene): Promise<void> {
  await admin.open(new URL('/sign-up', addresses.consoleUrl).href);
  await admin.look('console: sign-up');
  await admin.fill({
    'accountPages.organisation': `Library ${cast.slug}`,
    'accountPages.slug': cast.slug,
    'accountPages.name': cast.admin.name,
    'accountPages.email': cast.admin.email,
    'accountPages.password': cast.admin.password,
  });
  await admin.press('accountPages.signUpSubmit');
  await admin.seesHeading(admin.say('firstCall.title'));
}

/** The four steps of the first page: group, API, publish, call. Resolves to the gateway's address. */
export async function makeFirstCall({ admin, client, upstream }: Scene): Promise<string> {
  await admin.look('console: first call, group');
  await admin.press('firstCall.group.submit');

  await admin.field('firstCall.api.address').waitFor();
  await admin.look('console: first call, API');
  await admin.fill({
    'firstCall.api.name': 'Status',
    'firstCall.api.path': '/status',
    'firstCall.api.address': upstream.url,
  });
  await admin.press('firstCall.api.submit');

  await admin.button('firstCall.publish.submit').waitFor();
  await admin.look('console: first call, publish');
  await admin.press('firstCall.publish.submit');

  const command = admin.field('firstCall.call.command');
  await command.waitFor();
  await admin.look('console: first call, call');
  const address = addressIn(await command.innerText());
  const answer = await client.callUntil(200, { address });
  expect(answer.isFromUpstream).toBe(true);
  expect(upstream.received()).toBe(1);

  await admin.seesHeading(admin.say('firstCall.done'));
  await admin.look('console: first call, done');
  await admin.press('firstCall.leave');
  await admin.seesHeading(admin.say('overview.title'));
  await admin.look('console: overview');
  return new URL('/', address).href;
}
