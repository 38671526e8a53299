import { describe, expect, it } from 'vitest';
import { orderChanges } from './feed-step.ts';

describe('changes of a step', () => {
  it('put what others refer to first and delete it last', () => {
    const ordered = orderChanges([
      { kind: 'route', id: 'new', value: {} },
      { kind: 'upstream', id: 'old', value: null },
      { kind: 'upstream', id: 'new', value: {} },
      { kind: 'route', id: 'old', value: null },
      { kind: 'group_settings', id: 'settings', value: {} },
    ]);
    expect(ordered.map(({ op, kind }) => `${op} ${kind}`)).toEqual([
      'put group_settings',
      'put upstream',
      'put route',
      'delete route',
      'delete upstream',
    ]);
  });
});
