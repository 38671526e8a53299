import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';

const site = (rest: string) => (world: StatesWorld) => `/${world.siteSlug}${rest}`;
const application = ({ siteSlug, ids }: StatesWorld): string => `/${siteSlug}/applications/${ids.application}`;
const subscription = ({ siteSlug, ids }: StatesWorld): string => `/${siteSlug}/subscriptions/${ids.subscription}`;
const product = (rest: string) => (world: StatesWorld) => `/${world.siteSlug}/products/${world.ids.product}${rest}`;
const bare = (rest: string) => (world: StatesWorld) => `/${world.siteSlug}/products/${world.made.bare}${rest}`;
const keyMenu = 'subscriptions.keys.actions';

/** What of a portal is not there yet, or not for whoever looks. */
export const portalEmptyStates: readonly State[] = statesIn('portal', {
  'no-site': ['nobody', '/no-such-site', (at) => at.sees('app.noSite.title'), 404],
  'empty-catalogue': ['nobody', ({ made }) => `/${made.emptySite}`, (at) => at.sees('catalogue.empty')],
  'catalogue-none-found': [
    'nobody',
    site(''),
    async (at) => {
      await at.seekInVain('catalogue.search');
      await at.sees('catalogue.nothingFoundText');
    },
  ],
  'product-without-overview': ['nobody', bare(''), (at) => at.sees('product.noDocs')],
  'product-without-reference': ['nobody', bare('/reference'), (at) => at.sees('product.reference.none')],
  'product-not-found': ['nobody', site('/products/no-such-product'), undefined, 400, 404, 422],
  'try-logged-out': ['nobody', product('/try'), (at) => at.sees('try.logIn')],
  'try-not-subscribed': ['starter', product('/try'), (at) => at.sees('try.subscribe')],
  'empty-applications': ['starter', site('/applications'), (at) => at.sees('applications.empty')],
  'empty-subscriptions': ['starter', site('/subscriptions'), (at) => at.sees('subscriptions.empty')],
  waiting: ['applicant', site('/applications'), (at) => at.sees('entrance.waiting.title')],
  'waiting-account': ['applicant', site('/account')],
  'subscription-waiting': [
    'developer',
    ({ siteSlug, made }) => `/${siteSlug}/subscriptions/${made.waiting}`,
    (at) => at.sees('subscriptions.meaning.pending'),
  ],
  'subscription-refused': [
    'developer',
    ({ siteSlug, made }) => `/${siteSlug}/subscriptions/${made.refused}`,
    (at) => at.sees('subscriptions.keys.noneEver'),
  ],
});

/** What is asked and typed in a portal. */
export const portalStates: readonly State[] = statesIn('portal', {
  navigation: ['developer', site(''), (at) => at.openNavigation()],
  'menu-account': ['developer', site(''), ({ page }) => page.getByRole('banner').getByRole('button').last().click()],
  'sign-up-refused': [
    'nobody',
    site('/sign-up'),
    async (at) => {
      await at.main.press('app.signUp');
      await at.page.locator('[aria-invalid=true]').first().waitFor();
    },
  ],
  'log-in-wrong': [
    'nobody',
    site('/log-in'),
    async (at) => {
      await at.fill({ 'entrance.email': 'nobody@example.com', 'entrance.password': 'not the password' });
      await at.main.press('app.logIn');
      await at.page.getByRole('alert').first().waitFor();
    },
    401,
    429,
  ],
  'forgot-password-sent': [
    'nobody',
    site('/forgot-password'),
    async (at) => {
      await at.fill({ 'entrance.email': `nobody-${at.variant.name}@example.com` });
      await at.press('entrance.forgot.submit');
      await at.sees('entrance.forgot.sent');
    },
  ],
  'start-refused': [
    'nobody',
    '/?choose=yes',
    async (at) => {
      await at.press('start.submit');
      await at.sees('start.needed');
    },
  ],
  plans: ['developer', product('/plans')],
  subscribe: [
    'developer',
    product('/plans'),
    async (at) => {
      await at.page
        .getByRole('button', { name: new RegExp(`^${at.say('product.plans.subscribe')}.*Business`) })
        .click();
      await at.isAsked();
    },
  ],
  'application-create': ['developer', site('/applications'), (at) => at.open('applications.create')],
  'application-create-refused': [
    'developer',
    site('/applications'),
    async (at) => {
      await at.open('applications.create');
      await at.dialog.press('applications.create');
      await at.page.locator('[aria-invalid=true]').first().waitFor();
    },
  ],
  'application-edit': ['developer', application, (at) => at.open('ui.edit')],
  'application-delete': ['developer', application, (at) => at.ask('applications.more', 'applications.delete')],
  'application-not-found': ['developer', site('/applications/no-such-application'), undefined, 400, 404, 422],
  subscriptions: ['developer', site('/subscriptions')],
  'plan-change': ['developer', subscription, (at) => at.open('subscriptions.change.open')],
  'subscription-cancel': ['developer', subscription, (at) => at.open('subscriptions.cancel.submit')],
  'key-issue': ['developer', subscription, (at) => at.open('subscriptions.keys.issue')],
  'key-issued': [
    'developer',
    subscription,
    async (at) => {
      await at.open('subscriptions.keys.issue');
      await at.dialog.press('subscriptions.keys.issue');
      await at.dialog.button('subscriptions.keys.copied').waitFor();
    },
  ],
  'key-menu': [
    'developer',
    subscription,
    (at) =>
      at
        .button(keyMenu, { values: { name: 'Key' } })
        .first()
        .click(),
  ],
  'key-rotate': ['developer', subscription, (at) => at.ask(keyMenu, 'subscriptions.keys.rotate', { name: 'Key' })],
  'key-revoke': ['developer', subscription, (at) => at.ask(keyMenu, 'subscriptions.keys.revoke', { name: 'Key' })],
  tried: [
    'developer',
    product('/try'),
    async (at) => {
      await at.press('try.send');
      await at.page.getByRole('main').locator('[aria-live=polite] p').first().waitFor();
    },
  ],
  'account-erase': ['developer', site('/account'), (at) => at.open('account.erase.submit')],
});
