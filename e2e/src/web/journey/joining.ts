import { linkInMail } from '../mails.ts';
import { productName } from './product.ts';
import type { Scene } from './scene.ts';

const tabs = (tab: string) => ({
  list: 'product.tabs.label',
  tab: `product.tabs.${tab}`,
  values: { name: productName },
});

/** A stranger finds the product in the catalogue and reads all about it. */
export async function discover({ developer, addresses, cast }: Scene): Promise<void> {
  await developer.open(new URL(`/${cast.slug}`, addresses.portalUrl).href);
  await developer.look('portal: catalogue');
  await developer.fill({ 'catalogue.search': 'books' });
  await developer.followTo(productName);
  await developer.look('portal: a product');
  await developer.turnTo(tabs('reference'));
  await developer.seesHeading('List the books');
  if (developer.isOnPhone) await developer.choose('ui.reference.operations', 'Read a book · GET /books/{bookId}');
  else await developer.page.getByRole('link', { name: 'Read a book' }).click();
  await developer.seesHeading('Read a book');
  await developer.look('portal: reference');
  await developer.turnTo(tabs('plans'));
  await developer.sees('plans.approval.manual');
  await developer.look('portal: plans');
}

/** Signs up, confirms the mail address, logs in, and waits to be let in. */
export async function signUpAtPortal({ developer, addresses, cast }: Scene): Promise<void> {
  const { name, email, password } = cast.developer;
  await developer.page.getByRole('button', { name: developer.say('product.plans.subscribe') }).click();
  await developer.look('portal: log-in');
  await developer.page
    .getByRole('main')
    .getByRole('link', { name: developer.say('app.signUp'), exact: true })
    .click();
  await developer.look('portal: sign-up');
  await developer.fill({ 'entrance.name': name, 'entrance.email': email, 'entrance.password': password });
  await developer.press('app.signUp');
  await developer.seesHeading(developer.say('entrance.signedUp.title'));
  await developer.look('portal: signed up');

  await developer.open(await linkInMail(addresses, { to: email, from: 'portal' }));
  await developer.look('portal: confirm the mail');
  await developer.press('entrance.confirm.submit');
  await developer.seesHeading(developer.say('entrance.confirm.doneTitle'));
  await developer.look('portal: mail confirmed');
  await developer.page
    .getByRole('main')
    .getByRole('link', { name: developer.say('app.logIn'), exact: true })
    .click();
  await developer.fill({ 'entrance.email': email, 'entrance.password': password });
  await developer.page
    .getByRole('main')
    .getByRole('button', { name: developer.say('app.logIn'), exact: true })
    .click();
  await developer.seesHeading(developer.say('entrance.waiting.title'));
  await developer.look('portal: waiting');
}

/** Lets in who or what waits in the queue. */
export async function approve({ admin }: Scene, name: string): Promise<void> {
  await admin.goTo('approvals');
  await admin.button('approvals.approveOf', { values: { name } }).waitFor();
  await admin.look('console: approvals');
  await admin.press('approvals.approveOf', { values: { name } });
  await admin.sees('approvals.none');
}
