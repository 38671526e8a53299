import { createLogger } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { AcknowledgementNews } from './acknowledgement-news.ts';
import type { GroupProgress } from './acknowledgements.ts';

const row = (groupId: string, more: Partial<GroupProgress> = {}): GroupProgress => ({
  dataPlaneId: 'dp_1',
  tenantId: `tnt_${groupId}`,
  groupId,
  revision: null,
  access: null,
  applied: [],
  refusal: null,
  ...more,
});

it('tells each tenant once per group that revisions were answered, and nothing of access state', () => {
  const told: [string, string][] = [];
  const publish = (channel: string, text: string): Promise<number> => {
    told.push([channel, text]);
    return Promise.resolve(1);
  };
  const news = new AcknowledgementNews({ publish } as unknown as Redis, createLogger('gateway-manager', 'silent'));
  const refusal = { sequence: 'revision' as const, position: 4, reason: 'invalid', detail: '', faults: [] };
  news.announce([
    row('grp_1', { revision: 4 }),
    row('grp_1', { dataPlaneId: 'dp_2', revision: 4 }),
    row('grp_2', { access: 9 }),
    row('grp_3', { refusal }),
  ]);
  const change = (groupId: string): string => JSON.stringify([{ topic: 'gateway.acknowledgement', groupId }]);
  expect(told).toEqual([
    ['tg:live:tnt_grp_1', change('grp_1')],
    ['tg:live:tnt_grp_3', change('grp_3')],
  ]);
});
