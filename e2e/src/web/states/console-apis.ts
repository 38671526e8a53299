import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';
import { presses, seeksInVain } from './steps.ts';

const shop = (rest: string) => (world: StatesWorld) => `/gateway-groups/${world.ids.group}${rest}`;
const route = (world: StatesWorld): string => shop(`/routes/${world.ids.route}`)(world);
const service = (world: StatesWorld): string => shop(`/services/${world.ids.service}`)(world);

const book = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Magazines', version: '1' },
  paths: { '/magazines': { get: { summary: 'List them', responses: { 200: { description: 'All' } } } } },
});

/** Routes, services, upstreams; importing and trying. */
export const apiStates: readonly State[] = statesIn('console', {
  'routes-none-found': ['admin', shop('/routes'), seeksInVain('apis.routes.search', 'resources.nothing')],
  'route-new': ['admin', shop('/routes/~new')],
  'route-new-refused': ['admin', shop('/routes/~new'), (at) => at.press('resources.create'), 400, 422],
  'service-new-refused': ['admin', shop('/services/~new'), presses('resources.create', 'apis.services.nameNeeded')],
  'upstream-new': ['admin', shop('/upstreams/~new')],
  'upstream-new-refused': ['admin', shop('/upstreams/~new'), (at) => at.press('resources.create'), 400, 422],
  'route-json': ['admin', route, (at) => at.press('resources.json')],
  'route-delete': ['admin', route, (at) => at.open('ui.delete')],
  'service-delete': ['admin', service, (at) => at.open('ui.delete')],
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
      await at.page.getByRole('heading', { name: at.say('try.why'), exact: true }).waitFor();
    },
  ],
});
