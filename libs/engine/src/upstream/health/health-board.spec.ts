import { describe, expect, it } from 'vitest';
import { HealthBoard, type HealthUpdate, type NodeVerdict, type WatchedNodes } from './health-board.ts';

const verdict = (node: string, isHealthy = false, owner = 'upstream/u'): NodeVerdict => ({
  groupId: 'g',
  owner,
  node,
  isHealthy,
  reason: 'because',
  since: 1,
});

function watched(owner = 'upstream/u'): WatchedNodes & { readonly heard: NodeVerdict[] } {
  const heard: NodeVerdict[] = [];
  return {
    heard,
    key: { groupId: 'g', owner },
    takeVerdict: (one) => heard.push(one),
    summary: () => ({
      healthy: 0,
      unhealthy: 150,
      ejected: 0,
      troubled: Array.from({ length: 150 }, (_, index) => ({
        node: `n:${index}`,
        state: 'unhealthy',
        reason: '',
        since: 0,
      })),
    }),
  };
}

describe('the health board', () => {
  it('keeps a verdict for an upstream that is not there yet, in a form that can be cloned', () => {
    const board = new HealthBoard();
    board.apply(structuredClone([verdict('a:1'), verdict('b:1'), verdict('b:1', true)]));
    const nodes = watched();
    board.watch(nodes, ['a:1', 'b:1']);
    expect(nodes.heard).toEqual([verdict('a:1')]);
  });

  it('tells others of what is made here, never of what was made elsewhere', () => {
    const board = new HealthBoard();
    const told: HealthUpdate[] = [];
    board.whenChanged((update) => told.push(update));
    const [author, newer] = [watched(), watched()];
    board.watch(author, []);
    board.watch(newer, []);
    board.announce(verdict('a:1'), author);
    board.apply([verdict('c:1')]);
    expect(told).toEqual([[verdict('a:1')]]);
    expect(author.heard).toEqual([verdict('c:1')]);
    expect(newer.heard).toEqual([verdict('a:1'), verdict('c:1')]);
    expect(board.snapshot()).toEqual([verdict('a:1'), verdict('c:1')]);
  });

  it('forgets an upstream with its last form', () => {
    const board = new HealthBoard();
    const [older, newer] = [watched(), watched()];
    board.watch(older, []);
    board.watch(newer, []);
    board.apply([verdict('a:1'), verdict('a:1', false, 'upstream/other')]);
    board.unwatch(older);
    expect(board.snapshot()).toHaveLength(2);
    board.unwatch(newer);
    expect(board.snapshot()).toEqual([verdict('a:1', false, 'upstream/other')]);
  });

  it('remembers a bounded number of verdicts and lists a bounded number of nodes', () => {
    const board = new HealthBoard();
    board.apply(Array.from({ length: 10_100 }, (_, index) => verdict(`n:${index}`, false, `route/r${index % 3}`)));
    expect(board.snapshot()).toHaveLength(10_000);
    board.watch(watched(), []);
    board.watch(watched('upstream/other'), []);
    expect(board.status()).toMatchObject({ unhealthy: 300 });
    expect(board.status().troubled).toHaveLength(100);
  });
});
