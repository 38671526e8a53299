import { newId } from '@tollgate/contracts';
import {
  auditEntryRecorded,
  environmentDeleted,
  type EventDefinition,
  type EventEnvelope,
  gatewayGroupCreated,
  gatewayGroupDeleted,
} from '@tollgate/contracts/events';
import type { Environment, Project } from '@tollgate/contracts/rest/iam';
import { EVENT_BUS, type EventBus, EventPublisher } from '@tollgate/messaging';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
  [owner, stranger] = await Promise.all([iam.anybody.signUp(), iam.anybody.signUp()]);
});
afterAll(() => iam.close());

const path = '/api/v1/projects';
let number = 0;
const freshName = () => `Project ${(number += 1)}`;
const create = async (body: object = {}): Promise<Project> => {
  const answer = await owner.post<Project>(path, { name: freshName(), ...body });
  expect(answer.status).toBe(201);
  return answer.body;
};
const environmentsOf = async (projectId: string) =>
  (await owner.get<{ items: Environment[] }>(`/api/v1/environments?projectId=${projectId}`)).body.items;

const publisher = () => iam.service.app.get(EventPublisher, { strict: false });
const usesBy = (groupId: string) =>
  iam.database.query('select 1 from iam.environment_uses where group_id = $1', [groupId]);

/** A gateway group named `public` in the environment, as its owner announces it. */
async function addUse(environmentId: string): Promise<string> {
  const groupId = newId('grp');
  const data = { groupId, environmentId, name: 'public', hosts: [] };
  await publisher().publish([gatewayGroupCreated.create({ subject: groupId, tenantId: owner.tenantId, data })]);
  await eventually(async () => expect(await usesBy(groupId)).toHaveLength(1), { withinMs: 15_000 });
  return groupId;
}

/** Events of a type that are on the bus, about the owner's organisation. */
async function published<T>({ topic, type, schema }: EventDefinition<T>): Promise<{ subject?: string; data: T }[]> {
  const found: { subject?: string; data: T }[] = [];
  for await (const { value } of iam.service.app.get<EventBus>(EVENT_BUS, { strict: false }).read(topic)) {
    const { subject, data, ...envelope } = JSON.parse(value) as EventEnvelope;
    if (envelope.type !== type || envelope.tenantid !== owner.tenantId) continue;
    found.push({ ...(subject === undefined ? {} : { subject }), data: schema.parse(data) });
  }
  return found;
}

describe('a project', () => {
  it('is created with its environments, read and listed', async () => {
    const project = await create({ description: 'the shop', environments: ['dev', 'stg', 'prd'] });
    const read = await owner.get<Project>(`${path}/${project.id}`);
    expect(read.body).toEqual(project);
    expect(read.headers.get('etag')).toBe('"1"');
    expect((await environmentsOf(project.id)).map(({ name }) => name)).toEqual(['dev', 'stg', 'prd']);
    const listed = await owner.get<{ items: Project[] }>(`${path}?name=${encodeURIComponent(project.name)}`);
    expect(listed.body.items).toEqual([project]);
  });

  it('is listed page by page, each once', async () => {
    const pager = await iam.anybody.signUp();
    for (let index = 0; index < 5; index += 1) await pager.post(path, { name: `p${index}` });
    const names: string[] = [];
    let query = '?limit=2';
    do {
      const { body } = await pager.get<{ items: Project[]; nextCursor: string | null }>(path + query);
      names.push(...body.items.map(({ name }) => name));
      query = body.nextCursor === null ? '' : `?limit=2&cursor=${body.nextCursor}`;
    } while (query !== '');
    expect(names).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
  });

  it('changes when the version is the one that was read, else 412, without it 428', async () => {
    const project = await create();
    expect((await owner.patch(`${path}/${project.id}`, { name: freshName() })).status).toBe(428);
    const changed = await owner.patch<Project>(`${path}/${project.id}`, { description: 'new' }, 1);
    expect([changed.status, changed.body.version, changed.body.description]).toEqual([200, 2, 'new']);
    expect((await owner.patch(`${path}/${project.id}`, { description: 'lost' }, 1)).status).toBe(412);
    expect((await owner.delete(`${path}/${project.id}`, 1)).status).toBe(412);
    expect((await owner.delete(`${path}/${project.id}`)).status).toBe(428);
  });

  it('is not deleted while it has environments, and gone afterwards', async () => {
    const project = await create({ environments: ['dev'] });
    const refused = await owner.delete(`${path}/${project.id}`, 1);
    expect([refused.status, refused.body['code']]).toEqual([409, 'resource.in_use']);
    for (const { id } of await environmentsOf(project.id)) {
      expect((await owner.delete(`/api/v1/environments/${id}`, 1)).status).toBe(204);
    }
    expect((await owner.delete(`${path}/${project.id}`, 1)).status).toBe(204);
    expect((await owner.get(`${path}/${project.id}`)).status).toBe(404);
  });

  it('has a name of its own within the organisation, but not across organisations', async () => {
    const { name } = await create();
    const taken = await owner.post(path, { name });
    expect([taken.status, taken.body['code']]).toEqual([409, 'name.taken']);
    const other = await create();
    expect((await owner.patch(`${path}/${other.id}`, { name }, 1)).status).toBe(409);
    expect((await stranger.post(path, { name })).status).toBe(201);
  });

  it('is only checked by a dry run', async () => {
    const name = freshName();
    const dry = await owner.post(`${path}?dryRun=true`, { name, environments: ['dev'] });
    expect(dry.status).toBe(201);
    expect((await owner.get<{ items: Project[] }>(`${path}?name=${encodeURIComponent(name)}`)).body.items).toEqual([]);
    await create({ name });
    expect((await owner.post(`${path}?dryRun=true`, { name })).status).toBe(409);
  });

  it('is created once for an Idempotency-Key; the key with another body is refused with 422', async () => {
    const name = freshName();
    const key = { 'idempotency-key': newId('evt') };
    const [first, again] = [
      await owner.post<Project>(path, { name }, key),
      await owner.post<Project>(path, { name }, key),
    ];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await owner.post(path, { name: freshName() }, key)).status).toBe(422);
  });

  it.each([
    {},
    { name: '' },
    { name: 'x', environments: ['Dev'] },
    { name: 'x', environments: ['dev', 'dev'] },
    { name: 'x', id: 'prj_1' },
  ])('is refused with 400 as %j', async (body) => {
    expect((await owner.post(path, body)).status).toBe(400);
  });
});

describe('an environment', () => {
  it('is created, renamed and unique in its project', async () => {
    const project = await create({ environments: ['dev'] });
    const made = await owner.post<Environment>('/api/v1/environments', { projectId: project.id, name: 'qa' });
    expect(made.status).toBe(201);
    expect((await owner.post('/api/v1/environments', { projectId: project.id, name: 'qa' })).status).toBe(409);
    expect((await owner.patch(`/api/v1/environments/${made.body.id}`, { name: 'dev' }, 1)).status).toBe(409);
    const renamed = await owner.patch<Environment>(`/api/v1/environments/${made.body.id}`, { name: 'test' }, 1);
    expect(renamed.body).toMatchObject({ name: 'test', version: 2 });
  });

  it('is not deleted while gateway groups belong to it', async () => {
    const project = await create({ environments: ['dev'] });
    const [environment] = await environmentsOf(project.id);
    const groupId = await addUse(environment?.id ?? '');
    const refused = await owner.delete(`/api/v1/environments/${environment?.id}`, 1);
    expect([refused.status, refused.body['code']]).toEqual([409, 'resource.in_use']);
    expect(refused.body['errors']).toEqual([{ pointer: '', message: `Gateway group public (${groupId}).` }]);

    const fact = { subject: groupId, tenantId: owner.tenantId };
    await publisher().publish([gatewayGroupDeleted.create({ ...fact, data: { groupId } })]);
    await eventually(async () => expect(await usesBy(groupId)).toEqual([]), { withinMs: 15_000 });
    expect((await owner.delete(`/api/v1/environments/${environment?.id}`, 1)).status).toBe(204);
  });

  it('deleted by force tells which gateway groups go with it, and gateway-manager that they shall', async () => {
    const project = await create({ environments: ['dev'] });
    const [environment] = await environmentsOf(project.id);
    const id = environment?.id ?? '';
    const groupId = await addUse(id);
    const at = `/api/v1/environments/${id}?force=true`;
    const body = { dependants: [{ kind: 'gateway-group', id: groupId, effect: 'deleted' }], total: 1 };
    expect(await owner.delete(`${at}&dryRun=true`, 1)).toMatchObject({ status: 200, body });
    expect((await owner.get(`/api/v1/environments/${id}`)).status).toBe(200);
    expect((await owner.delete(at, 9)).status).toBe(412);
    expect(await owner.delete(at, 1)).toMatchObject({ status: 200, body });
    expect((await owner.get(`/api/v1/environments/${id}`)).status).toBe(404);
    await eventually(
      async () => {
        const told = await published(environmentDeleted);
        expect(told.find(({ subject }) => subject === id)?.data).toEqual({
          environmentId: id,
          projectId: project.id,
          forced: true,
        });
        const audit = await published(auditEntryRecorded);
        expect(
          audit.find(({ data }) => data.object.id === id && data.action === 'iam.environment.delete'),
        ).toMatchObject({
          data: { details: body },
        });
      },
      { withinMs: 15_000 },
    );
  });

  it('is deleted by its project too, when that is forced', async () => {
    const project = await create({ environments: ['dev', 'prd'] });
    const [first, second] = await environmentsOf(project.id);
    const groupId = await addUse(second?.id ?? '');
    const at = `${path}/${project.id}`;
    const refused = await owner.delete(at, 1);
    expect(refused).toMatchObject({ status: 409, body: { code: 'resource.in_use', errors: [{}, {}] } });
    const answer = await owner.delete(`${at}?force=true`, 1);
    expect(answer.status).toBe(200);
    expect(answer.body['dependants']).toEqual([
      { kind: 'environment', id: first?.id, effect: 'deleted' },
      { kind: 'environment', id: second?.id, effect: 'deleted' },
      { kind: 'gateway-group', id: groupId, effect: 'deleted' },
    ]);
    expect((await owner.get(at)).status).toBe(404);
    expect(await environmentsOf(project.id)).toEqual([]);
    expect((await stranger.delete(`${at}?force=true`, 1)).status).toBe(404);
  });

  it('cannot be put into a project of another organisation', async () => {
    const foreign = await stranger.post<Project>(path, { name: freshName() });
    for (const projectId of [foreign.body.id, newId('prj')]) {
      expect((await owner.post('/api/v1/environments', { projectId, name: 'dev' })).status).toBe(404);
    }
  });
});

describe('another organisation’s project and environment', () => {
  it('are answered exactly like ids that do not exist', async () => {
    const project = await create({ environments: ['dev'] });
    const [environment] = await environmentsOf(project.id);
    const pairs = [
      [`${path}/${project.id}`, `${path}/${newId('prj')}`],
      [`/api/v1/environments/${environment?.id}`, `/api/v1/environments/${newId('env')}`],
    ] as const;
    for (const [foreign, unknown] of pairs) {
      for (const ask of [
        (at: string) => stranger.get(at),
        (at: string) => stranger.patch(at, { name: 'mine-now' }, 1),
        (at: string) => stranger.delete(at, 1),
      ]) {
        const [one, other] = [await ask(foreign), await ask(unknown)];
        expect(one.status).toBe(404);
        const comparable = ({ body }: typeof one) => ({ ...body, instance: '', requestId: '' });
        expect(comparable(one)).toEqual(comparable(other));
      }
    }
  });
});
