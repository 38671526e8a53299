import { booksDocument, booksTitle } from './books-document.ts';
import type { Scene } from './scene.ts';

/** What developers find: the product and its plan. */
export const productName = 'Books of the library';
export const planName = 'Readers';
/** Calls of a month that the plan lets pass. */
export const planQuota = 5000;
/** Price of a call in euros. */
export const callPrice = 0.25;

const tabs = (tab: string) => ({ list: 'products.tabs.label', tab: `products.tabs.${tab}` });

/** A product with routes, a reference, and a plan with approval, quota and price, on sale. */
export async function sellBooks({ admin, upstream }: Scene): Promise<void> {
  await admin.goTo('products');
  await admin.look('console: products');
  await admin.page
    .getByRole('button', { name: admin.say('products.create') })
    .first()
    .click();
  await admin.dialog.fill({ 'products.name': productName, 'products.description': 'What stands on the shelves.' });
  await admin.look('console: create a product');
  await admin.dialog.press('products.createSubmit');
  await bindRoutes(admin);
  await describe(admin, upstream.url);
  await makePlan(admin);
  await admin.press('products.publish');
  await admin.dialog.sees('products.publishEffect.public');
  await admin.look('console: publish a product');
  await admin.dialog.press('products.publish');
  await admin.sees('products.states.published');
  await admin.look('console: a product');
}

async function bindRoutes(admin: Scene['admin']): Promise<void> {
  await admin.press('products.routes.addGroup');
  await admin.page.getByRole('menuitem', { name: 'edge' }).click();
  await admin.fill({ 'products.routes.search': '/books' });
  await admin.press('products.routes.chooseAll');
  await admin.sees('products.routes.count', { count: 2, values: { n: 2 } });
  await admin.look('console: routes of a product');
  await admin.press('ui.save');
  await admin.sees('products.saved');
}

async function describe(admin: Scene['admin'], server: string): Promise<void> {
  await admin.turnTo(tabs('reference'));
  // An editor’s name says as well how to leave it.
  await admin.page.getByLabel(admin.say('products.reference.paste')).fill(booksDocument(server));
  await admin.press('products.reference.look');
  await admin.sees('products.reference.summary', { count: 2, values: { title: booksTitle, n: 2 } });
  await admin.look('console: reference of a product');
  await admin.press('products.reference.save');
  await admin.sees('products.reference.saved');
}

async function makePlan(admin: Scene['admin']): Promise<void> {
  await admin.turnTo(tabs('plans'));
  await admin.look('console: plans, none');
  await admin.press('products.plans.create');
  await admin.dialog.fill({
    'products.plans.name': planName,
    'products.plans.limit': '600',
    'products.plans.quota': String(planQuota),
  });
  await admin.dialog.choose('products.plans.window', admin.say('products.plans.windows.minute'));
  await admin.dialog.choose('products.plans.period', admin.say('products.plans.periods.month'));
  await admin.dialog.pick('products.plans.approvals.manual');
  await admin.look('console: add a plan');
  await admin.dialog.press('products.plans.createSubmit');
  await admin.press('products.price.set');
  await admin.dialog.pick('products.price.models.per-call');
  await admin.dialog.fill({
    'products.price.amount': String(callPrice),
    'products.price.currency': 'EUR',
    'products.price.perCalls': '1',
    'products.price.includedCalls': '0',
  });
  await admin.look('console: set a price');
  await admin.dialog.press('products.price.submit');
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
  await admin.button('products.price.set').waitFor({ state: 'detached' });
  await admin.look('console: plans');
}
