import { viewerName } from '../organisations.ts';
import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';
import { isRefusedIn, seeksInVain } from './steps.ts';

const vera = { name: viewerName };
const account = (world: StatesWorld): string => `/tokens/service-accounts/${world.made.serviceAccount}`;

/** Members, tokens, audit, one's own account. */
export const organisationStates: readonly State[] = statesIn('console', {
  'member-invite': ['admin', '/members', (at) => at.open('members.invite')],
  'member-invite-refused': [
    'admin',
    '/members',
    isRefusedIn('members.invite', { press: 'members.inviteSubmit', said: 'members.emailNeeded' }),
  ],
  'member-role': ['admin', '/members', (at) => at.ask('members.actionsOf', 'members.changeRole', vera)],
  'member-remove': ['admin', '/members', (at) => at.ask('members.actionsOf', 'members.remove', vera)],
  'members-none-found': ['admin', '/members', seeksInVain('members.search', 'members.noneFound')],
  'token-create': ['admin', '/tokens', (at) => at.open('tokens.create')],
  'token-create-refused': [
    'admin',
    '/tokens',
    isRefusedIn('tokens.create', { press: 'tokens.create', said: 'tokens.nameNeeded' }),
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
  'reader-product-preview': [
    'viewer',
    ({ ids }) => `/products/${ids.product}`,
    async (at) => {
      // Wide windows show both sides at once.
      if (at.isOnPhone) await at.page.getByRole('tab', { name: at.say('ui.markdown.preview') }).click();
    },
  ],
  'reader-template': ['viewer', ({ made }) => `/policy-templates/${made.differing}`],
});
