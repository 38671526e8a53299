import type { Seat } from './seat.ts';
import { type State, statesIn } from './state.ts';
import { presses } from './steps.ts';

async function openPalette(at: Seat): Promise<void> {
  await at.page
    .getByRole('banner')
    .getByRole('button', { name: at.say('palette.open') })
    .click();
  await at.isAsked();
}

/** What stands around every page, and what is typed wrong before one is in. */
export const shellStates: readonly State[] = statesIn('console', {
  palette: ['admin', '/products', openPalette],
  'palette-none-found': [
    'admin',
    '/products',
    async (at) => {
      await openPalette(at);
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
  'log-in-refused': ['nobody', '/log-in', presses('logIn.submit', 'logIn.passwordNeeded')],
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
  'sign-up-refused': ['nobody', '/sign-up', presses('accountPages.signUpSubmit', 'accountPages.organisationNeeded')],
  'forgot-password-sent': [
    'nobody',
    '/forgot-password',
    async (at) => {
      await at.fill({ 'accountPages.email': `nobody-${at.variant.name}@example.com` });
      await at.press('accountPages.forgotSubmit');
      await at.sees('accountPages.mailSent');
    },
  ],
});
