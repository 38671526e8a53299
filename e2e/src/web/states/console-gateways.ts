import { changeDraft, planeName, publishVersion, putRoute } from './furnish.ts';
import { type State, statesIn } from './state.ts';
import type { StatesWorld } from './states-world.ts';

const shop = (rest: string) => (world: StatesWorld) => `/gateway-groups/${world.ids.group}${rest}`;
const edge = (rest: string) => (world: StatesWorld) => `/gateway-groups/${world.made.edge}${rest}`;
const lab = (rest: string) => (world: StatesWorld) => `/gateway-groups/${world.made.lab}${rest}`;
const plane = { name: planeName };
const menuOf = 'gatewayGroups.planes.actionsOf';
const projectMenu = 'projects.actionsOf';

/** Gateway groups, their data planes and workspaces, projects. */
export const gatewayStates: readonly State[] = statesIn('console', {
  'gateway-group-create': ['admin', '/gateway-groups', (at) => at.open('gatewayGroups.create.open')],
  'gateway-group-create-refused': [
    'admin',
    '/gateway-groups',
    async (at) => {
      await at.open('gatewayGroups.create.open');
      await at.dialog.fill({ 'gatewayGroups.create.name': 'No Such Name!' });
      await at.dialog.press('gatewayGroups.create.submit');
      await at.dialog.sees('app.slugRule');
    },
  ],
  'gateway-groups-none-found': [
    'admin',
    '/gateway-groups',
    async (at) => {
      await at.seekInVain('gatewayGroups.search');
      await at.sees('gatewayGroups.nothingFound');
    },
  ],
  'data-plane': [
    'admin',
    edge(''),
    async (at) => {
      await at.page.getByRole('main').getByRole('button', { name: planeName, exact: true }).click();
      await at.isAsked();
    },
  ],
  'data-plane-menu': ['admin', edge(''), (at) => at.press(menuOf, { values: plane })],
  'data-plane-drain': ['admin', edge(''), (at) => at.ask(menuOf, 'gatewayGroups.drain.open', plane)],
  'data-plane-revoke': ['admin', edge(''), (at) => at.ask(menuOf, 'gatewayGroups.revoke.open', plane)],
  'data-plane-add': ['admin', edge(''), (at) => at.open('gatewayGroups.add.open')],
  'data-plane-add-refused': [
    'admin',
    edge(''),
    async (at) => {
      await at.open('gatewayGroups.add.open');
      await at.dialog.fill({ 'gatewayGroups.add.name': planeName });
      await at.dialog.press('gatewayGroups.add.submit');
      await at.dialog.sees('gatewayGroups.add.nameTaken');
    },
  ],
  'data-plane-add-command': [
    'admin',
    lab(''),
    async (at) => {
      await at.open('gatewayGroups.add.open');
      await at.dialog.fill({ 'gatewayGroups.add.name': 'lab-1' });
      await at.dialog.press('gatewayGroups.add.submit');
      await at.dialog.sees('gatewayGroups.add.paste');
    },
  ],
  'enrolment-token-revoke': ['admin', edge(''), (at) => at.open('gatewayGroups.revoke.open')],
  'workspace-create': ['admin', edge('/workspaces'), (at) => at.open('gatewayGroups.workspaces.create')],
  'workspace-rename': [
    'admin',
    edge('/workspaces'),
    (at) => at.ask(menuOf, 'gatewayGroups.workspaces.renameIt', { name: 'payments' }),
  ],
  'workspace-delete': ['admin', edge('/workspaces'), (at) => at.ask(menuOf, 'ui.delete', { name: 'payments' })],
  'gateway-group-delete': ['admin', shop('/settings'), (at) => at.open('gatewayGroups.delete.open')],
  'gateway-group-settings-refused': [
    'admin',
    shop('/settings'),
    async (at) => {
      await at.fill({ 'gatewayGroups.settings.slowStart': '-1' });
      await at.press('ui.save');
    },
  ],
  'gateway-group-not-found': ['admin', '/gateway-groups/no-such-group', undefined, 400, 404, 422],
  'project-create': ['admin', '/projects', (at) => at.open('projects.create.open')],
  'project-create-refused': [
    'admin',
    '/projects',
    async (at) => {
      await at.open('projects.create.open');
      await at.dialog.press('projects.create.submit');
      await at.dialog.sees('projects.create.nameNeeded');
    },
  ],
  'project-edit': ['admin', '/projects', (at) => at.ask(projectMenu, 'ui.edit', { name: 'Bookshop' })],
  'project-delete': ['admin', '/projects', (at) => at.ask(projectMenu, 'ui.delete', { name: 'Bookshop' })],
  'environment-create': ['admin', '/projects', (at) => at.open('projects.environment.create')],
  'environment-rename': [
    'admin',
    '/projects',
    (at) => at.ask(projectMenu, 'projects.environment.renameIt', { name: 'prd' }),
  ],
  'environment-delete': ['admin', '/projects', (at) => at.ask(projectMenu, 'ui.delete', { name: 'prd' })],
});

/** What is changed, published and taken back. */
export const publishingStates: readonly State[] = statesIn('console', {
  'changes-none': ['admin', edge('/changes'), (at) => at.sees('changes.empty.title')],
  publish: ['admin', shop('/changes'), (at) => at.open('changes.publish.open')],
  published: [
    'admin',
    lab('/changes'),
    async (at) => {
      await at.open('changes.publish.open');
      await at.dialog.press('changes.publish.submit');
      await at.dialog.button('changes.publish.close').waitFor();
    },
  ],
  'roll-back': [
    'admin',
    shop('/revisions'),
    async (at) => {
      await at.press('revisions.rollBack.to', { values: { n: 1 } });
      await at.isAsked();
    },
  ],
}).map((state) => (state.name === 'console-published' ? { ...state, before: addRoute } : state));

/** So that there is something to publish each time. */
async function addRoute({ admin, made }: StatesWorld): Promise<void> {
  await putRoute(admin, made.lab, `made-${Date.now().toString(36)}`);
}

/** Rolls a template out once more, so that the lab takes something. */
async function newVersion({ admin, made }: StatesWorld): Promise<void> {
  await changeDraft(admin, made.rolling, 1 + (Date.now() % 100_000));
  await publishVersion(admin, made.rolling);
}

const template = (world: StatesWorld): string => `/policy-templates/${world.made.differing}`;
const rolling = (world: StatesWorld): string => `/policy-templates/${world.made.rolling}`;

/** Policies and their templates. */
export const policyStates: readonly State[] = statesIn('console', {
  'policy-catalogue-none-found': [
    'admin',
    '/policy-catalogue',
    async (at) => {
      await at.seekInVain('policyEditing.search');
      await at.sees('policyEditing.nothing');
    },
  ],
  'policy-templates-none-found': [
    'admin',
    '/policy-templates',
    async (at) => {
      await at.seekInVain('policies.templates.search');
      await at.sees('policyEditing.nothing');
    },
  ],
  'policy-template-new': [
    'admin',
    '/policy-templates/~new',
    async (at) => {
      // A phone shows the list alone until a policy is chosen.
      if (!at.isOnPhone) await at.sees('policyEditing.chooseOne');
    },
  ],
  'policy-template-refused': ['admin', '/policy-templates/~new', (at) => at.press('policies.create'), 400, 422],
  'policy-add-inbound': ['admin', template, (at) => at.open('policies.addTo.inbound')],
  'policy-add-outbound': ['admin', template, (at) => at.open('policies.addTo.outbound')],
  'policy-add-none-found': [
    'admin',
    template,
    async (at) => {
      await at.open('policies.addTo.inbound');
      await at.dialog.field('policyEditing.search').fill('nothing-is-called-like-this');
      await at.dialog.sees('policyEditing.nothing');
    },
  ],
  'policy-options': [
    'admin',
    template,
    ({ page }) => page.getByRole('main').getByRole('button', { name: /limit/i }).first().click(),
  ],
  'policy-template-delete': ['admin', template, (at) => at.open('ui.delete')],
  'policy-template-publish': ['admin', template, (at) => at.open('policies.publish')],
  'policy-template-version': ['admin', template, (at) => at.open('policies.look')],
  'policy-template-groups': ['admin', rolling, (at) => at.open('policies.publish')],
  'policy-template-rolled-out': [
    'admin',
    rolling,
    async (at) => {
      await at.open('policies.publish');
      const publish = at.dialog.button('policies.publishGroups', { values: { count: 1 }, count: 1 });
      await publish.click();
      await publish.waitFor({ state: 'detached' });
    },
  ],
}).map((state) => (/-(groups|rolled-out)$/.test(state.name) ? { ...state, before: newVersion } : state));
