import type { Seat } from './seat.ts';
import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';

const product = (rest: string) => (world: StatesWorld) => `/products/${world.ids.product}${rest}`;
const unfinished = (rest: string) => (world: StatesWorld) => `/products/${world.made.unfinished}${rest}`;
const planMenu = 'products.plans.actionsOf';
const plan = { name: 'Standard' };

async function writeReference(at: Seat, document: string): Promise<void> {
  const label = at.say('products.reference.paste');
  await at.field('ui.editor.label', { values: { label } }).fill(document);
}

/** Products and their plans. */
export const productStates: readonly State[] = statesIn('console', {
  'product-create': ['admin', '/products', (at) => at.open('products.create')],
  'product-create-refused': [
    'admin',
    '/products',
    async (at) => {
      await at.open('products.create');
      await at.dialog.press('products.createSubmit');
      await at.dialog.sees('products.nameNeeded');
    },
  ],
  'products-none-found': [
    'admin',
    '/products',
    async (at) => {
      await at.seekInVain('products.search');
      await at.sees('products.noneFound');
    },
  ],
  'product-menu': ['admin', product(''), (at) => at.press('products.moreActions')],
  'product-unpublish': ['admin', product(''), (at) => at.ask('products.moreActions', 'products.unpublish')],
  'product-delete': ['admin', product(''), (at) => at.ask('products.moreActions', 'ui.delete')],
  'product-publish-not-ready': [
    'admin',
    unfinished(''),
    async (at) => {
      await at.open('products.publish');
      await at.dialog.sees('products.ways.routes');
    },
    409,
  ],
  'product-saved': [
    'admin',
    unfinished(''),
    async (at) => {
      await at.fill({ 'products.description': `Changed at ${Date.now()}` });
      await at.press('ui.save');
      await at.sees('products.saved');
    },
  ],
  'product-not-found': ['admin', '/products/no-such-product', undefined, 400, 404, 422],
  'product-without-routes': ['admin', unfinished('/routes'), (at) => at.sees('products.routes.empty')],
  'product-without-plans': ['admin', unfinished('/plans'), (at) => at.sees('products.plans.none')],
  'product-without-guides': ['admin', unfinished('/guides'), (at) => at.sees('products.guides.none')],
  'product-without-reference': ['admin', unfinished('/reference')],
  'product-routes': ['admin', product('/routes')],
  'product-guides': ['admin', product('/guides')],
  'product-subscriptions': ['admin', product('/subscriptions')],
  'reference-remove': ['admin', product('/reference'), (at) => at.open('products.reference.remove')],
  'reference-preview': [
    'admin',
    unfinished('/reference'),
    async (at) => {
      await writeReference(at, '{ "openapi": "3.1.0", "info": {}, "paths": { "/books": { "get": {} } } }');
      await at.open('products.reference.read');
    },
  ],
  'reference-refused': [
    'admin',
    unfinished('/reference'),
    async (at) => {
      await writeReference(at, '{ "openapi": "3.1.0" }');
      await at.press('products.reference.look');
      await at.page.getByRole('alert').first().waitFor();
    },
    400,
    422,
  ],
  plans: ['admin', product('/plans')],
  'plan-create': ['admin', product('/plans'), (at) => at.open('products.plans.create')],
  'plan-create-refused': [
    'admin',
    product('/plans'),
    async (at) => {
      await at.open('products.plans.create');
      await at.dialog.press('products.plans.createSubmit');
      await at.dialog.sees('products.plans.nameNeeded');
    },
  ],
  'plan-menu': ['admin', product('/plans'), (at) => at.press(planMenu, { values: plan })],
  'plan-edit': ['admin', product('/plans'), (at) => at.ask(planMenu, 'products.plans.edit', plan)],
  'plan-terms': ['admin', product('/plans'), (at) => at.ask(planMenu, 'products.plans.newTerms', plan)],
  'plan-price': ['admin', product('/plans'), (at) => at.ask(planMenu, 'products.price.set', plan)],
  'plan-price-tiers': [
    'admin',
    product('/plans'),
    async (at) => {
      await at.ask(planMenu, 'products.price.set', plan);
      await at.dialog.pick('products.price.models.tiered');
      await at.dialog.press('products.price.submit');
      await at.dialog.sees('products.price.tiersNeeded');
    },
  ],
  'plan-history': ['admin', product('/plans'), (at) => at.ask(planMenu, 'products.plans.history', plan)],
  'plan-delete': ['admin', product('/plans'), (at) => at.ask(planMenu, 'ui.delete', plan)],
});

/** Who builds with the products. */
export const developerStates: readonly State[] = statesIn('console', {
  'developers-none-found': [
    'admin',
    '/developers',
    async (at) => {
      await at.seekInVain('developers.search');
      await at.sees('developers.noneFound');
    },
  ],
  'developer-suspend': ['admin', ({ ids }) => `/developers/${ids.developer}`, (at) => at.open('developers.suspend')],
  'developer-waiting': ['admin', ({ made }) => `/developers/${made.applicant}`, (at) => at.sees('developers.approve')],
  'approvals-none-of-kind': ['admin', '/approvals?kind=plan-change', (at) => at.sees('approvals.noneOfKind')],
  subscription: ['admin', product('/subscriptions'), (at) => at.openSubscription('Reading list')],
  'subscription-waiting': ['admin', product('/subscriptions'), (at) => at.openSubscription('Book club')],
  'subscription-refused': ['admin', product('/subscriptions'), (at) => at.openSubscription('Price scraper')],
  'subscription-suspend': [
    'admin',
    product('/subscriptions'),
    async (at) => {
      await at.openSubscription('Reading list');
      await at.dialog.press('subscriptions.suspend');
      await at.sees('subscriptions.ask.suspend');
    },
  ],
  'subscription-cancel': [
    'admin',
    product('/subscriptions'),
    async (at) => {
      await at.openSubscription('Reading list');
      await at.dialog.press('subscriptions.cancel');
      await at.sees('subscriptions.ask.cancel');
    },
  ],
  'subscription-key-revoke': [
    'admin',
    product('/subscriptions'),
    async (at) => {
      await at.openSubscription('Reading list');
      await at.dialog
        .button('subscriptions.revokeOf', { values: { name: 'Key' } })
        .first()
        .click();
      await at.sees('subscriptions.revokeText');
    },
  ],
});
