import { viewerName } from '../organisations.ts';
import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';

const vera = { name: viewerName };
const account = (world: StatesWorld): string => `/tokens/service-accounts/${world.made.serviceAccount}`;

/** Members, tokens, audit, one's own account. */
export const organisationStates: readonly State[] = statesIn('console', {
  'member-invite': ['admin', '/members', (at) => at.open('members.invite')],
  'member-invite-refused': [
    'admin',
    '/members',
    async (at) => {
      await at.open('members.invite');
      await at.dialog.press('members.inviteSubmit');
      await at.dialog.sees('members.emailNeeded');
    },
  ],
  'member-role': ['admin', '/members', (at) => at.ask('members.actionsOf', 'members.changeRole', vera)],
  'member-remove': ['admin', '/members', (at) => at.ask('members.actionsOf', 'members.remove', vera)],
  'members-none-found': [
    'admin',
    '/members',
    async (at) => {
      await at.seekInVain('members.search');
      await at.sees('members.noneFound');
    },
  ],
  'token-create': ['admin', '/tokens', (at) => at.open('tokens.create')],
  'token-create-refused': [
    'admin',
    '/tokens',
    async (at) => {
      await at.open('tokens.create');
      await at.dialog.press('tokens.create');
      await at.dialog.sees('tokens.nameNeeded');
    },
  ],
  'token-created': [
    'admin',
    '/tokens',
    async (at) => {
      await at.open('tokens.create');
      await at.dialog.fill({ 'tokens.name': 'Laptop' });
      await at.dialog.press('tokens.readOnly');
      await at.dialog.press('tokens.create');
      await at.dialog.button('tokens.copied').waitFor();
    },
  ],
  'token-revoke': ['admin', '/tokens', (at) => at.open('tokens.revokeOf', { name: 'Laptop' })],
  'service-account-create': ['admin', '/tokens', (at) => at.open('tokens.createAccount')],
  'service-account': ['admin', account],
  'service-account-edit': ['admin', account, (at) => at.open('ui.edit')],
  'service-account-delete': ['admin', account, (at) => at.ask('tokens.actions', 'ui.delete')],
  'audit-entry': [
    'admin',
    '/audit',
    async (at) => {
      await at.page.getByRole('main').getByRole('table').getByRole('button').first().click();
      await at.isAsked();
    },
  ],
  'audit-none-found': ['admin', '/audit?action=nothing.like.this', (at) => at.sees('audit.noneFound')],
  'account-erase': ['admin', '/account', (at) => at.open('account.eraseButton')],
  'account-password-refused': [
    'admin',
    '/account',
    async (at) => {
      await at.fill({ 'account.newPassword': 'short' });
      await at.main.press('account.changePassword');
      await at.sees('account.currentNeeded');
    },
  ],
  'settings-refused': [
    'admin',
    '/settings',
    async (at) => {
      await at.fill({ 'settings.name': '' });
      await at.press('ui.save');
      await at.sees('settings.nameNeeded');
    },
  ],
  'no-permission-audit': ['viewer', '/audit', (at) => at.sees('ui.forbidden.title'), 403],
  'no-permission-billing': ['viewer', '/billing', (at) => at.sees('ui.forbidden.title'), 403],
  'reader-route': ['viewer', ({ ids }) => `/gateway-groups/${ids.group}/routes/${ids.route}`],
  'reader-product': ['viewer', ({ ids }) => `/products/${ids.product}`],
  'reader-template': ['viewer', ({ made }) => `/policy-templates/${made.differing}`],
});

const shop = (rest: string) => (world: StatesWorld) => `/gateway-groups/${world.ids.group}${rest}`;

/** What stands around every page, and what is typed wrong before one is in. */
export const shellStates: readonly State[] = statesIn('console', {
  palette: [
    'admin',
    '/products',
    async (at) => {
      await at.page
        .getByRole('banner')
        .getByRole('button', { name: at.say('palette.open') })
        .click();
      await at.isAsked();
    },
  ],
  'palette-none-found': [
    'admin',
    '/products',
    async (at) => {
      await at.page
        .getByRole('banner')
        .getByRole('button', { name: at.say('palette.open') })
        .click();
      await at.dialog.field('palette.title').fill('nothing-is-called-like-this');
      await at.sees('palette.nothing');
    },
  ],
  navigation: ['admin', '/products', (at) => at.openNavigation()],
  'menu-account': ['admin', '/products', ({ page }) => page.getByRole('banner').getByRole('button').last().click()],
  'menu-language': ['admin', '/products', (at) => at.press('ui.language.label')],
  'menu-theme': ['admin', '/products', (at) => at.press('ui.theme.label')],
  'session-lost': [
    'leaver',
    '/products',
    async (at) => {
      await at.page.context().clearCookies();
      await at.seekInVain('products.search');
      await at.isAsked();
    },
    401,
  ],
  'no-page': ['admin', '/no/such/page', (at) => at.sees('ui.notFound.title')],
  'log-in-refused': [
    'nobody',
    '/log-in',
    async (at) => {
      await at.press('logIn.submit');
      await at.sees('logIn.passwordNeeded');
    },
  ],
  'log-in-wrong': [
    'nobody',
    '/log-in',
    async (at) => {
      await at.fill({ 'logIn.email': 'nobody@example.com', 'logIn.password': 'not the password' });
      await at.press('logIn.submit');
      await at.page.getByRole('alert').first().waitFor();
    },
    401,
    429,
  ],
  'sign-up-refused': [
    'nobody',
    '/sign-up',
    async (at) => {
      await at.press('accountPages.signUpSubmit');
      await at.sees('accountPages.organisationNeeded');
    },
  ],
  'forgot-password-sent': [
    'nobody',
    '/forgot-password',
    async (at) => {
      await at.fill({ 'accountPages.email': 'nobody@example.com' });
      await at.press('accountPages.forgotSubmit');
      await at.sees('accountPages.mailSent');
    },
  ],
});

const book = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Magazines', version: '1' },
  paths: { '/magazines': { get: { summary: 'List them', responses: { 200: { description: 'All' } } } } },
});

/** Routes, services, upstreams; importing and trying. */
export const apiStates: readonly State[] = statesIn('console', {
  'routes-none-found': [
    'admin',
    shop('/routes'),
    async (at) => {
      await at.seekInVain('apis.routes.search');
      await at.sees('resources.nothing');
    },
  ],
  'route-new': ['admin', shop('/routes/~new')],
  'route-new-refused': ['admin', shop('/routes/~new'), (at) => at.press('resources.create'), 400, 422],
  'service-new-refused': ['admin', shop('/services/~new'), (at) => at.press('resources.create'), 400, 422],
  'upstream-new': ['admin', shop('/upstreams/~new')],
  'upstream-new-refused': ['admin', shop('/upstreams/~new'), (at) => at.press('resources.create'), 400, 422],
  'route-json': [
    'admin',
    ({ ids }) => `/gateway-groups/${ids.group}/routes/${ids.route}`,
    (at) => at.press('resources.json'),
  ],
  'route-delete': [
    'admin',
    ({ ids }) => `/gateway-groups/${ids.group}/routes/${ids.route}`,
    (at) => at.open('ui.delete'),
  ],
  'service-delete': [
    'admin',
    ({ ids }) => `/gateway-groups/${ids.group}/services/${ids.service}`,
    (at) => at.open('ui.delete'),
  ],
  'route-not-found': ['admin', shop('/routes/no-such-route'), undefined, 404],
  'import-refused': [
    'admin',
    shop('/import'),
    async (at) => {
      await at.page.getByRole('main').locator('.cm-content, textarea').first().fill('nonsense');
      await at.press('importOpenapi.preview');
      await at.page.getByRole('main').getByRole('alert').first().waitFor();
    },
    400,
    422,
  ],
  'import-done': [
    'admin',
    ({ made }) => `/gateway-groups/${made.lab}/import`,
    async (at) => {
      await at.page.getByRole('main').locator('.cm-content, textarea').first().fill(book);
      await at.fill({
        'importOpenapi.upstreamUrl': 'http://127.0.0.1:9',
        'importOpenapi.serviceId': `magazines-${Date.now().toString(36)}`,
      });
      await at.press('importOpenapi.preview');
      await at.press('importOpenapi.apply');
      await at.page.getByRole('link', { name: at.say('importOpenapi.toChanges') }).waitFor();
    },
  ],
  tried: [
    'admin',
    shop('/try'),
    async (at) => {
      await at.press('try.send');
      await at.sees('try.why');
    },
  ],
});
