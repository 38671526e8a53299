import { newId } from '@tollgate/contracts';
import { GroupHash } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { pluginConfigId } from '../resources/compile-draft.ts';
import { changesOfTemplate, changesOfTemplates, findFaults } from './plan-changes.ts';
import { hashAfter, type ResourceChange } from './revision-writer.ts';

const workspaceId = newId('wsp');
const templateId = newId('ptp');
const template = { templateId, name: 'Keys', number: 1, contentHash: 'a'.repeat(64), plugins: { 'key-auth': {} } };
const use = { workspaceId, templateId, templateVersion: 0 };
const id = pluginConfigId(workspaceId, { id: templateId, version: 'latest' });
const published = (contentHash: string, resourceId = id) => ({
  tenantId: newId('tnt'),
  groupId: newId('grp'),
  kind: 'plugin_config' as const,
  id: resourceId,
  workspaceId,
  contentHash,
});

describe('templates in use', () => {
  it('are put when new or changed, left alone when equal, and removed when nobody uses them', () => {
    const [added] = changesOfTemplates([{ use, template }], []);
    expect(added).toMatchObject({ id, beforeHash: null, content: { name: 'Keys', plugins: { 'key-auth': {} } } });
    const hash = added?.afterHash ?? '';
    expect(changesOfTemplates([{ use, template }], [published(hash)])).toEqual([]);
    expect(changesOfTemplates([{ use, template }], [published('old')])).toMatchObject([
      { id, beforeHash: 'old', afterHash: hash },
    ]);
    expect(changesOfTemplates([], [published(hash, 'gone')])).toEqual([
      { kind: 'plugin_config', id: 'gone', workspaceId, beforeHash: hash, afterHash: null },
    ]);
  });
});

describe('the newest version of one template', () => {
  it('changes what is in force of it, and nothing that other templates or fixed versions stand for', () => {
    const fixed = published('fixed', pluginConfigId(workspaceId, { id: templateId, version: 3 }));
    const other = published('other', pluginConfigId(workspaceId, { id: newId('ptp'), version: 'latest' }));
    const [change, ...more] = changesOfTemplate(template, [fixed, other, published('old')]) ?? [];
    expect(more).toEqual([]);
    expect(change).toMatchObject({ id, workspaceId, beforeHash: 'old', content: { plugins: { 'key-auth': {} } } });
    expect(changesOfTemplate(template, [published(change?.afterHash ?? '')])).toEqual([]);
    expect(changesOfTemplate(template, [fixed, other])).toBeNull();
  });
});

describe('the compile check', () => {
  it('names resource and place of what a data plane would refuse', () => {
    const change = {
      kind: 'route',
      id: 'r',
      workspaceId,
      beforeHash: null,
      afterHash: 'x',
      content: { uri: 7 },
    } as const;
    expect(findFaults([change])[0]).toMatchObject({ pointer: '/route/r/uri' });
  });
});

describe('the hash of a revision', () => {
  it('is the sum over what is in force, whatever the way there', () => {
    const change = (name: string, beforeHash: string | null, afterHash: string | null): ResourceChange => {
      return { kind: 'route', id: name, workspaceId, beforeHash, afterHash };
    };
    const empty = GroupHash.empty().value;
    const first = hashAfter(empty, [change('a', null, '1'), change('b', null, '2')]);
    const second = hashAfter(first, [change('a', '1', '3'), change('b', '2', null)]);
    expect(second).toBe(hashAfter(empty, [change('a', null, '3')]));
    expect(hashAfter(second, [change('a', '3', null)])).toBe(empty);
  });
});
