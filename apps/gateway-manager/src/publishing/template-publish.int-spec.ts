import { newId } from '@tollgate/contracts';
import { auditEntryRecorded } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type {
  DraftChange,
  GatewayGroup,
  PolicyTemplatePublish,
  Revision,
  Workspace,
} from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { CONFIG_FEED, type ConfigFeed } from '../link/config-feed.ts';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

const publishes = '/api/v1/policy-template-publishes';
const upstream = { nodes: { '127.0.0.1:8080': 1 } };
let manager: RunningGatewayManager;
let feed: ConfigFeed;
let tenant: SampleTenant;
let policyTemplateId: string;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
  policyTemplateId = newId('ptp');
  answerWith(1);
});

const own = () => ({ tenantId: tenant.tenantId });
const pathOf = ({ id }: GatewayGroup, rest: string) => `/api/v1/gateway-groups/${id}/${rest}`;
const limitOf = (version: number) => ({ 'limit-count': { count: version * 10, time_window: 60 } });

/** Makes `version` the newest of the template. */
function answerWith(version: number, plugins: Record<string, unknown> = limitOf(version)): void {
  const template = {
    templateId: policyTemplateId,
    name: 'Standard',
    number: version,
    contentHash: 'a'.repeat(64),
    plugins,
  };
  manager.policyManager.answers.set(`/internal/v1/policy-templates/${policyTemplateId}/latest`, template);
  manager.policyManager.answers.set(`/internal/v1/policy-templates/${policyTemplateId}/versions/${version}`, template);
}

async function putRoute(group: GatewayGroup, id: string, more: Record<string, unknown> = {}): Promise<void> {
  const body = { value: { uri: `/${id}`, upstream }, ...more };
  const answer = await manager.request(pathOf(group, `routes/${id}`), { ...own(), method: 'PUT', body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function publishDraft(group: GatewayGroup, baseRevision: number): Promise<void> {
  const answer = await manager.request(pathOf(group, 'publish'), { ...own(), body: { baseRevision } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

/** A group with a published route that takes `version` of the template. */
async function addUser(name: string, version: 'latest' | number = 'latest'): Promise<GatewayGroup> {
  const group = await manager.addGroup(tenant, name);
  await putRoute(group, 'one', { policyTemplate: { id: policyTemplateId, version } });
  await publishDraft(group, 1);
  return group;
}

async function publishTemplate(more: Record<string, unknown> = {}, query = ''): Promise<PolicyTemplatePublish> {
  const body = { policyTemplateId, ...more };
  const answer = await manager.request<PolicyTemplatePublish>(`${publishes}${query}`, { ...own(), body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

async function limitsInForce({ id }: GatewayGroup): Promise<unknown[]> {
  const { changes } = await feed.snapshot(id);
  return changes.flatMap((change) =>
    change.op === 'put' && change.kind === 'plugin_config' ? [change.value['plugins']] : [],
  );
}

describe('publishing a new version of a policy template', () => {
  it('makes a revision of every group that uses it, told before and after, and leaves the others', async () => {
    const [first, second] = [await addUser('first'), await addUser('second')];
    const other = await manager.addGroup(tenant, 'other');
    answerWith(2);
    const { groups, templateVersion } = await publishTemplate();
    expect(templateVersion).toBe(2);
    expect(groups).toMatchObject(
      [first, second].map(({ id: groupId }) => ({
        groupId,
        outcome: 'published',
        revision: 3,
        problem: null,
        changes: [
          {
            kind: 'plugin_config',
            change: 'change',
            before: { plugins: limitOf(1) },
            after: { plugins: limitOf(2) },
          },
        ],
      })),
    );
    for (const group of [first, second]) expect(await limitsInForce(group)).toMatchObject([limitOf(2)]);
    expect(await manager.request(pathOf(other, 'revisions/2'), own())).toMatchObject({ status: 404 });
    const { body } = await manager.request<Revision>(pathOf(first, 'revisions/3'), own());
    expect(body).toMatchObject({ cause: 'publish', note: 'Policy template Standard, version 2', changed: 1 });
    expect(body.workspaceId).not.toBeNull();

    const again = await publishTemplate();
    expect(again.groups).toMatchObject([
      { outcome: 'unchanged', revision: 3, changes: [] },
      { outcome: 'unchanged', revision: 3 },
    ]);
  });

  it('publishes nothing else of the drafts', async () => {
    const group = await addUser('drafting');
    await putRoute(group, 'two');
    await manager.request(pathOf(group, 'routes/one'), {
      ...own(),
      method: 'PUT',
      ifMatch: 1,
      body: { value: { uri: '/edited', upstream }, policyTemplate: null },
    });
    const diff = async () => (await manager.request<Page<DraftChange>>(pathOf(group, 'diff'), own())).body.items;
    const before = await diff();
    expect(before.map(({ id, change }) => [id, change])).toEqual([
      ['one', 'change'],
      ['two', 'add'],
    ]);
    answerWith(2);
    expect((await publishTemplate({ note: 'tighter' })).groups).toMatchObject([{ outcome: 'published', revision: 3 }]);
    const { changes } = await feed.snapshot(group.id);
    expect(changes.filter(({ kind }) => kind === 'route')).toMatchObject([{ id: 'one', value: { uri: '/one' } }]);
    expect(await limitsInForce(group)).toMatchObject([limitOf(2)]);
    expect(await diff()).toEqual(before);
  });

  it('takes all workspaces of a group in one revision', async () => {
    const group = await addUser('teams');
    const { body: team } = await manager.request<Workspace>(pathOf(group, 'workspaces'), {
      ...own(),
      body: { name: 'team' },
    });
    const policyTemplate = { id: policyTemplateId, version: 'latest' };
    await putRoute(group, 'theirs', { workspaceId: team.id, policyTemplate });
    await publishDraft(group, 2);
    answerWith(2);
    const { groups } = await publishTemplate();
    expect(groups).toMatchObject([{ revision: 4, changes: [{}, {}] }]);
    expect(await limitsInForce(group)).toMatchObject([limitOf(2), limitOf(2)]);
    expect((await manager.request(pathOf(group, 'revisions/4'), own())).body).toMatchObject({ workspaceId: null });
  });

  it('as a dry run shows the same and changes nothing', async () => {
    const group = await addUser('dry');
    answerWith(2);
    const planned = await publishTemplate({}, '?dryRun=true');
    expect(planned.groups).toMatchObject([
      { outcome: 'published', revision: 3, changes: [{ after: { plugins: limitOf(2) } }] },
    ]);
    expect(await limitsInForce(group)).toMatchObject([limitOf(1)]);
    expect((await manager.request(pathOf(group, 'revisions/3'), own())).status).toBe(404);
    expect((await publishTemplate()).groups).toEqual(planned.groups);
  });

  it('goes on with the others when a group cannot be published, and says why', async () => {
    const [fixed, broken, fine] = [await addUser('fixed', 1), await addUser('broken'), await addUser('fine')];
    const drafted = await manager.addGroup(tenant, 'drafted');
    await putRoute(drafted, 'one', { policyTemplate: { id: policyTemplateId, version: 'latest' } });
    await manager.database.query(
      `create function gateway.refuse_revision() returns trigger language plpgsql as $$ begin
         if new.group_id = '${broken.id}' then raise exception 'disk is full'; end if; return new; end $$;
       create trigger refuse_revision before insert on gateway.revisions
         for each row execute function gateway.refuse_revision()`,
    );
    try {
      answerWith(2);
      const { groups } = await publishTemplate();
      const byGroup = new Map(groups.map((group) => [group.groupId, group]));
      const refused = (code: string) => ({ outcome: 'refused', revision: null, problem: { code } });
      expect(byGroup.get(fixed.id)).toMatchObject(refused('gateway.template_not_in_force'));
      expect(byGroup.get(drafted.id)).toMatchObject(refused('gateway.template_not_in_force'));
      expect(byGroup.get(broken.id)).toMatchObject(refused('internal.error'));
      expect(JSON.stringify(byGroup.get(broken.id))).not.toContain('disk is full');
      expect(byGroup.get(fine.id)).toMatchObject({ outcome: 'published', revision: 3 });
      expect(await limitsInForce(fine)).toMatchObject([limitOf(2)]);
      expect(await limitsInForce(broken)).toMatchObject([limitOf(1)]);
    } finally {
      await manager.database.query('drop function gateway.refuse_revision cascade');
    }
    expect((await publishTemplate({ groupIds: [broken.id] })).groups).toMatchObject([{ outcome: 'published' }]);
  });

  it('refuses policies that a data plane would refuse, with their place', async () => {
    await addUser('strict');
    answerWith(2, { 'limit-count': { _meta: { priority: 'first' } } });
    expect((await publishTemplate()).groups).toMatchObject([
      { outcome: 'refused', problem: { code: 'gateway.configuration_invalid', errors: [{}] } },
    ]);
  });

  it('writes an audit entry per group', async () => {
    const group = await addUser('audited');
    answerWith(2);
    await publishTemplate();
    await eventually(
      async () => {
        const audit = await manager.published(auditEntryRecorded, tenant.tenantId);
        expect(audit.at(-1)?.data).toMatchObject({
          action: 'gateway-group.publish-template',
          object: { kind: 'gateway-group', id: group.id },
          details: { revision: 3, policyTemplateId, templateVersion: 2, changed: 1 },
        });
      },
      { withinMs: 5000 },
    );
  });

  it('answers a repeated Idempotency-Key with the first answer', async () => {
    await addUser('repeated');
    answerWith(2);
    const body = { policyTemplateId };
    const idempotencyKey = newId('evt');
    const principalId = newId('usr');
    const send = () => manager.request(publishes, { ...own(), body, idempotencyKey, principalId });
    const first = await send();
    answerWith(3);
    const second = await send();
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
  });
});

describe('what others have', () => {
  it('is refused like what does not exist', async () => {
    const group = await addUser('mine');
    const stranger = await manager.addTenant();
    const foreign = newId('ptp');
    const template = { templateId: foreign, name: 'X', number: 1, contentHash: 'a'.repeat(64), plugins: {} };
    manager.policyManager.answers.set(`/internal/v1/policy-templates/${foreign}/latest`, template);
    const ask = (groupId: string) =>
      manager.request<PolicyTemplatePublish>(publishes, {
        tenantId: stranger.tenantId,
        body: { policyTemplateId: foreign, groupIds: [groupId] },
      });
    const [theirs, unknown] = [await ask(group.id), await ask(newId('grp'))];
    expect(theirs.body.groups).toMatchObject([{ outcome: 'refused', problem: { code: 'resource.not_found' } }]);
    expect(theirs.body.groups[0]?.problem).toEqual(unknown.body.groups[0]?.problem);
    const missing = await manager.request(publishes, { ...own(), body: { policyTemplateId: newId('ptp') } });
    expect(missing).toMatchObject({ status: 404, body: { code: 'resource.not_found' } });
  });
});

describe('wrong requests', () => {
  it('are answered with problems', async () => {
    const body = { policyTemplateId };
    expect((await manager.request(publishes, { body })).status).toBe(401);
    expect((await manager.request(publishes, { ...own(), body, permissions: ['config.write'] })).status).toBe(403);
    expect(await manager.request(publishes, { ...own(), body: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/policyTemplateId' }] },
    });
    const id = newId('grp');
    const many = Array.from({ length: 51 }, () => newId('grp'));
    for (const groupIds of [[], [id, id], many]) {
      expect(await manager.request(publishes, { ...own(), body: { ...body, groupIds } })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/groupIds' }] },
      });
    }
  });

  it('for more groups than one call takes say how many it takes', async () => {
    const group = await addUser('copied');
    await manager.database.query(
      `with copies as (
         insert into gateway.gateway_groups (id, tenant_id, environment_id, project_id, name, hosts, pool_id, pool_kind, error_format)
         select 'grp_copy' || n || right(id, 8), tenant_id, environment_id, project_id, 'copy-' || n, '{}', pool_id, pool_kind, error_format
         from gateway.gateway_groups, generate_series(1, 50) n where id = $1 returning id, tenant_id)
       insert into gateway.published_resources (tenant_id, group_id, kind, id, workspace_id, content_hash)
       select p.tenant_id, c.id, p.kind, p.id, p.workspace_id, p.content_hash
       from copies c, gateway.published_resources p where p.group_id = $1 and p.kind = 'plugin_config'`,
      [group.id],
    );
    const answer = await manager.request(publishes, { ...own(), body: { policyTemplateId } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'gateway.too_many_groups' } });
    expect(answer.body['detail']).toContain('50');
    expect((await publishTemplate({ groupIds: [group.id] })).groups).toHaveLength(1);
  });
});
