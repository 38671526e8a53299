import { newId } from '@tollgate/contracts';
import { parseResource } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { compileDraft, pluginConfigId } from './compile-draft.ts';

const value = { uri: '/a', upstream: { nodes: { 'a:1': 1 } } };
const id = newId('ptp');
const workspaceId = newId('wsp');

describe('a reference to a policy template', () => {
  it('becomes a plugin_config_id that gateways accept, whatever the version', () => {
    for (const version of ['latest', 1, 999_999] as const) {
      const compiled = compileDraft({ value, policyTemplate: { id, version }, workspaceId });
      expect(parseResource({ kind: 'route', id: 'r', value: compiled })).toMatchObject({ ok: true });
    }
  });

  it('names another resource per workspace and version, and the same one for every newer latest', () => {
    const names = [
      pluginConfigId(workspaceId, { id, version: 'latest' }),
      pluginConfigId(workspaceId, { id, version: 1 }),
      pluginConfigId(workspaceId, { id, version: 2 }),
      pluginConfigId(newId('wsp'), { id, version: 'latest' }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is not there when there is none', () => {
    expect(compileDraft({ value, policyTemplate: null, workspaceId })).toBe(value);
  });
});
