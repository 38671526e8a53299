import { newId } from '@tollgate/contracts';
import type { Problem } from '@tollgate/contracts/errors';
import { policyTemplateVersionPublished } from '@tollgate/contracts/events';
import type {
  PolicySet,
  PolicyTemplate,
  PolicyTemplateVersion,
  PolicyType,
  ResolvedPolicyTemplate,
} from '@tollgate/contracts/rest/policy';
import type { Page } from '@tollgate/contracts/rest';
import { checkCatalogue } from '@tollgate/persistence';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { policyManagerSchema } from './policy-manager.schema.ts';
import { startPolicyManager, type RunningPolicyManager, type SuiteRequest } from './testing/start-policy-manager.ts';

let service: RunningPolicyManager;
let tenantId: string;

beforeAll(async () => {
  service = await startPolicyManager({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 7),
  });
});
afterAll(() => service.close());
beforeEach(() => {
  tenantId = newId('tnt');
});

const templates = '/api/v1/policy-templates';
const limited: PolicySet = {
  inbound: [
    { type: 'key-auth', options: {} },
    { type: 'limit-count', options: { count: 5, time_window: 60, rejected_code: 429, _meta: { disable: false } } },
  ],
  outbound: [],
};

const send = (path: string, request: SuiteRequest = {}) => service.request(path, { tenantId, ...request });
async function read<T>(response: Response | Promise<Response>, status = 200): Promise<T> {
  const answered = await response;
  expect(answered.status).toBe(status);
  return (await answered.json()) as T;
}
const create = (body: object = {}) =>
  read<PolicyTemplate>(send(templates, { body: { name: `T ${newId('evt')}`, draft: limited, ...body } }), 201);
const publish = (id: string) => send(`${templates}/${id}/versions`, { body: {} });
const update = (template: PolicyTemplate, body: object) =>
  send(`${templates}/${template.id}`, {
    method: 'PATCH',
    body,
    headers: { 'if-match': `"${template.version}"` },
  });

describe('the list of policy templates', () => {
  it('is searched by name and description, in any case', async () => {
    const { id } = await create({ name: 'Keys', description: 'For 合作伙伴 only' });
    await create({ name: 'Open', description: '' });
    for (const text of ['KEY', '合作']) {
      const { items } = await read<Page<PolicyTemplate>>(send(`${templates}?search=${encodeURIComponent(text)}`));
      expect(items.map((item) => item.id)).toEqual([id]);
    }
  });
});

describe('the policy catalogue', () => {
  it('lists every type in the order in which policies run, page by page', async () => {
    const names: string[] = [];
    const priorities: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<PolicyType> = await read(send(`/api/v1/policy-types?limit=4${cursor && `&cursor=${cursor}`}`));
      names.push(...page.items.map(({ name }) => name));
      priorities.push(...page.items.map(({ priority }) => priority));
      cursor = page.nextCursor;
    }
    expect(names).toContain('key-auth');
    expect(new Set(names).size).toBe(names.length);
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
  });

  it('describes the options of a type as JSON Schema', async () => {
    const type = await read<PolicyType>(send('/api/v1/policy-types/limit-count'));
    expect(type.optionsSchema).toMatchObject({ type: 'object', properties: { count: {} } });
  });

  it('is told in the language that the caller asks for, in English to everybody else', async () => {
    const titleFor = async (headers: Record<string, string>): Promise<unknown[]> => {
      const answer = await send('/api/v1/policy-types/limit-count', { headers });
      const { title, optionsSchema } = (await answer.json()) as PolicyType;
      expect(answer.headers.get('vary')).toContain('Accept-Language');
      return [answer.headers.get('content-language'), title, JSON.stringify(optionsSchema).includes('每个时间窗口')];
    };
    expect(await titleFor({ 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' })).toEqual(['zh-CN', '调用次数限制', true]);
    expect(await titleFor({ 'accept-language': 'de' })).toEqual(['en', 'Call limit', false]);
    expect(await titleFor({})).toEqual(['en', 'Call limit', false]);
  });

  it('answers 404 to an unknown type, 400 to a wrong cursor, 401 without a credential', async () => {
    expect((await send('/api/v1/policy-types/no-such')).status).toBe(404);
    expect((await send('/api/v1/policy-types?cursor=no-such')).status).toBe(400);
    expect((await service.request('/api/v1/policy-types')).status).toBe(401);
  });
});

describe('a policy template', () => {
  it('is created, read, listed, changed and removed', async () => {
    const template = await create();
    expect(template).toMatchObject({ draft: limited, latestVersion: 0, version: 1 });
    expect(await read(send(`${templates}/${template.id}`))).toEqual(template);
    expect((await read<Page<PolicyTemplate>>(send(templates))).items).toEqual([template]);

    const changed = await read<PolicyTemplate>(update(template, { description: 'for all' }));
    expect(changed).toMatchObject({ description: 'for all', name: template.name, draft: limited, version: 2 });
    expect((await update(template, { name: 'late' })).status).toBe(412);
    expect((await send(`${templates}/${template.id}`, { method: 'PATCH', body: {} })).status).toBe(428);

    const removal = { method: 'DELETE', headers: { 'if-match': '"2"' } };
    expect((await send(`${templates}/${template.id}`, removal)).status).toBe(204);
    expect((await send(`${templates}/${template.id}`)).status).toBe(404);
    expect((await send(`${templates}/${template.id}`, removal)).status).toBe(404);
  });

  it('has a name that is unique within its tenant, and free again after it was removed', async () => {
    const template = await create({ name: 'Strict' });
    const other = await create({ name: 'Lax' });
    const problem = await read<Problem>(send(templates, { body: { name: 'Strict' } }), 409);
    expect(problem.code).toBe('resource.conflict');
    expect((await update(other, { name: 'Strict' })).status).toBe(409);
    expect((await send(templates, { tenantId: newId('tnt'), body: { name: 'Strict' } })).status).toBe(201);
    await send(`${templates}/${template.id}`, { method: 'DELETE', headers: { 'if-match': '"1"' } });
    await create({ name: 'Strict' });
  });

  it('is refused with a pointer to each fault', async () => {
    const draft = {
      inbound: [
        { type: 'limit-count', options: { count: -1, time_window: 60 } },
        { type: 'no-such-policy', options: {} },
        { type: 'limit-count', options: {} },
      ],
    };
    const problem = await read<Problem>(send(templates, { body: { name: 'Wrong', draft } }), 400);
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual([
      '/draft/inbound/0/options/count',
      '/draft/inbound/1/type',
      '/draft/inbound/2/type',
    ]);
  });

  it('is refused in the language of the caller, whoever found the fault', async () => {
    const draft = {
      inbound: [
        { type: 'limit-count', options: { count: 0, time_window: 60 } },
        { type: 'ip-restriction', options: {} },
        { type: 'no-such', options: {} },
      ],
    };
    const inLanguage = async (language: string, body: unknown): Promise<Problem> => {
      const answer = await send(templates, { body, headers: { 'accept-language': language } });
      expect(answer.headers.get('content-language')).toBe(language);
      return (await answer.json()) as Problem;
    };
    const [english, chinese] = [
      await inLanguage('en', { name: 'n', draft }),
      await inLanguage('zh-CN', { name: 'n', draft }),
    ];
    expect(english.errors?.at(-1)?.message).toBe('There is no such policy type.');
    expect(chinese.title).toBe('请求不符合接口文档规定的格式');
    expect(chinese.errors?.map(({ pointer }) => pointer)).toEqual(english.errors?.map(({ pointer }) => pointer));
    for (const { message } of chinese.errors ?? []) expect(message).toMatch(/\p{Script=Han}/u);
    const unknown = await inLanguage('zh-CN', { name: 5, surplus: true });
    expect(unknown.errors?.map(({ message }) => message)).toContain('没有这个字段。');
    for (const { message } of unknown.errors ?? []) expect(message).toMatch(/\p{Script=Han}/u);
  });

  it('is not made by a dry run', async () => {
    const body = { name: 'Only tried', draft: limited };
    expect((await read<PolicyTemplate>(send(`${templates}?dryRun=true`, { body }), 201)).name).toBe('Only tried');
    expect((await read<Page<PolicyTemplate>>(send(templates))).items).toEqual([]);
  });

  it('is made once by requests with the same Idempotency-Key', async () => {
    const request = { userId: newId('usr'), body: { name: 'Once' }, headers: { 'idempotency-key': newId('evt') } };
    const first = await read<PolicyTemplate>(send(templates, request), 201);
    expect(await read(send(templates, request), 201)).toEqual(first);
    expect((await send(templates, { ...request, body: { name: 'Other' } })).status).toBe(422);
  });

  it('cannot be written by a viewer', async () => {
    expect((await send(templates, { role: 'viewer', body: { name: 'No' } })).status).toBe(403);
  });
});

describe('a published version', () => {
  it('never changes, however the draft changes', async () => {
    const template = await create();
    const first = await read<PolicyTemplateVersion>(publish(template.id), 201);
    expect(first).toMatchObject({ number: 1, policies: limited });
    const published = await read<PolicyTemplate>(send(`${templates}/${template.id}`));
    await update(published, { draft: { inbound: [{ type: 'key-auth', options: {} }], outbound: [] } });
    const second = await read<PolicyTemplateVersion>(publish(template.id), 201);
    expect(second.number).toBe(2);
    expect(second.contentHash).not.toBe(first.contentHash);
    expect(await read(send(`${templates}/${template.id}/versions/1`))).toEqual(first);
    expect((await read<Page<PolicyTemplateVersion>>(send(`${templates}/${template.id}/versions`))).items).toEqual([
      second,
      first,
    ]);
    expect((await read<PolicyTemplate>(send(`${templates}/${template.id}`))).latestVersion).toBe(2);
  });

  it('is not made again without a difference', async () => {
    const { id } = await create();
    await read(publish(id), 201);
    expect((await read<Problem>(publish(id), 409)).code).toBe('policy_template.unchanged');
  });

  it('gets consecutive numbers from publishes at the same moment', async () => {
    const { id } = await create();
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await publish(id)).status));
    expect(statuses.toSorted()).toEqual([201, 409, 409, 409]);
  });

  it('is announced once', async () => {
    const { id: templateId } = await create();
    const { contentHash } = await read<PolicyTemplateVersion>(publish(templateId), 201);
    await eventually(
      async () => {
        const announced = await service.published(policyTemplateVersionPublished);
        expect(announced.filter((event) => event.templateId === templateId)).toEqual([
          { templateId, version: 1, contentHash },
        ]);
      },
      { withinMs: 10_000 },
    );
  });

  it('resolves to plugins for gateway-manager, also after the template was removed', async () => {
    const template = await create({
      draft: {
        inbound: limited.inbound.toReversed(),
        outbound: [{ type: 'response-rewrite', options: { body: 'x' } }],
      },
    });
    const { contentHash } = await read<PolicyTemplateVersion>(publish(template.id), 201);
    await send(`${templates}/${template.id}`, { method: 'DELETE', headers: { 'if-match': '"2"' } });
    for (const path of ['versions/1', 'latest']) {
      const resolved = await read<ResolvedPolicyTemplate>(
        send(`/internal/v1/policy-templates/${template.id}/${path}`, { asService: true }),
      );
      expect(resolved).toEqual({
        templateId: template.id,
        name: template.name,
        number: 1,
        contentHash,
        plugins: {
          'limit-count': limited.inbound[1]?.options,
          'key-auth': { _meta: { priority: 1001 } },
          'response-rewrite': { body: 'x' },
        },
      });
    }
  });

  it('is resolved for services only, and only in their tenant', async () => {
    const { id } = await create();
    const path = `/internal/v1/policy-templates/${id}/latest`;
    expect((await send(path, { asService: true })).status).toBe(404);
    await publish(id);
    expect((await send(path, { asService: true })).status).toBe(200);
    expect((await send(path)).status).toBe(401);
    expect((await send(path, { asService: true, tenantId: newId('tnt') })).status).toBe(404);
  });
});

describe('another tenant', () => {
  it('gets the same answers as for a template that never existed', async () => {
    const template = await create();
    await publish(template.id);
    const stranger = newId('tnt');
    const answersFor = async (id: string) => {
      const requests: [string, SuiteRequest][] = [
        [`${templates}/${id}`, {}],
        [`${templates}/${id}`, { method: 'PATCH', body: { name: 'Mine' }, headers: { 'if-match': '"1"' } }],
        [`${templates}/${id}`, { method: 'DELETE', headers: { 'if-match': '"1"' } }],
        [`${templates}/${id}/versions`, {}],
        [`${templates}/${id}/versions`, { body: {} }],
        [`${templates}/${id}/versions/1`, {}],
      ];
      return Promise.all(
        requests.map(async ([path, request]) => {
          const response = await send(path, { ...request, tenantId: stranger });
          const { code, detail } = (await response.json()) as Problem;
          return [response.status, code, detail];
        }),
      );
    };
    expect(await answersFor(template.id)).toEqual(await answersFor(newId('ptp')));
  });
});

describe('the database', () => {
  it('keeps every tenant apart', async () => {
    expect(await checkCatalogue(service.database.adminUrl, [policyManagerSchema])).toEqual([]);
  });
});
