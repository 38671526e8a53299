import { newId } from '@tollgate/contracts';
import type { ConfigLine } from '@tollgate/contracts/dataplane';
import { contentHash, GroupHash } from '@tollgate/contracts/gateway';
import { Groups } from '@tollgate/engine';
import { policies } from '@tollgate/policies';
import { beforeEach, describe, expect, it } from 'vitest';
import { GroupBook, OutOfStep } from './group-book.ts';

type Line = Parameters<GroupBook['take']>[0];
type PutLine = Extract<ConfigLine, { type: 'put' }>;

const groupId = newId('grp');
const settings: PutLine = put('group_settings', 'settings', { tenantId: newId('tnt'), hosts: ['a.test'] });

function put(kind: PutLine['kind'], id: string, value: Record<string, unknown>): PutLine {
  return { type: 'put', kind, id, value };
}

function hashOf(...lines: PutLine[]): string {
  return lines.reduce((hash, line) => hash.add(line.kind, line.id, contentHash(line.value)), GroupHash.empty()).value;
}

const begin = (mode: 'snapshot' | 'delta', from: number, to: number): Line => ({
  type: 'begin',
  groupId,
  sequence: 'revision',
  mode,
  from,
  to,
});
const end = (revision: number, hash: string): Line => ({ type: 'end', groupId, revision, hash });

let groups: Groups;
let book: GroupBook;

async function take(...lines: Line[]) {
  let last: Awaited<ReturnType<GroupBook['take']>> = null;
  for (const line of lines) last = await book.take(line);
  await last?.inForce;
  return last?.acknowledgement ?? null;
}

const inForce = () => [...groups.resources(groupId, 'revision')].map(({ id }) => id);

beforeEach(async () => {
  groups = new Groups({ policies });
  book = new GroupBook({
    handOver: async (...change) => ({ result: groups.apply(...change), inForce: Promise.resolve() }),
    removeGroup: async (id) => groups.remove(id),
  });
  await take(begin('snapshot', 0, 3), settings, end(3, hashOf(settings)));
});

describe('the configuration of a group', () => {
  it('is in force, acknowledged and remembered once it is complete', () => {
    expect(inForce()).toEqual(['settings']);
    expect(book.positions()).toEqual([{ groupId, revision: 3, access: 0, revisionHash: hashOf(settings) }]);
    expect(book.inForce()).toEqual(book.positions());
  });

  it('changes by a delta from what is held', async () => {
    const upstream = put('upstream', 'u1', { nodes: { '127.0.0.1:1': 1 } });
    const acknowledgement = await take(begin('delta', 3, 4), upstream, end(4, hashOf(settings, upstream)));
    expect(acknowledgement).toEqual({ outcome: 'applied', groupId, sequence: 'revision', position: 4 });
    expect(inForce()).toEqual(['settings', 'u1']);
  });

  it('is cached with the position of what the primary holds while workers are still getting it, and told of when they have it', async () => {
    const arriving = Promise.withResolvers<void>();
    const ahead = new GroupBook({
      handOver: async (...change) => ({ result: groups.apply(...change), inForce: arriving.promise }),
      removeGroup: async () => undefined,
    });
    for (const line of [begin('snapshot', 0, 4), settings]) await ahead.take(line);
    const change = await ahead.take(end(4, hashOf(settings)));
    const held = { groupId, revision: 4, access: 0, revisionHash: groups.status()[0]?.sequences.revision.hash };
    expect([ahead.positions(), ahead.inForce()]).toEqual([[held], [{ groupId, revision: 0, access: 0 }]]);
    arriving.resolve();
    await change?.inForce;
    expect(ahead.inForce()).toEqual([held]);
  });

  it('is out of step with a delta from anything else', async () => {
    await expect(take(begin('delta', 4, 5))).rejects.toThrow(OutOfStep);
    expect(book.positions()).toMatchObject([{ revision: 3 }]);
  });

  it('stays as it was when a resource is refused, naming resource and place', async () => {
    const broken = put('route', 'r1', { uri: '/*', plugins: { 'no-such-policy': {} } });
    const acknowledgement = await take(begin('delta', 3, 4), broken, end(4, hashOf(settings, broken)));
    expect(acknowledgement).toMatchObject({
      outcome: 'refused',
      reason: 'invalid',
      position: 4,
      faults: [{ kind: 'route', id: 'r1', pointer: '/plugins/no-such-policy' }],
    });
    expect(inForce()).toEqual(['settings']);
    expect(book.positions()).toMatchObject([{ revision: 3 }]);
  });

  it('asks for everything anew when the hash is another, and serves the last good one until then', async () => {
    const acknowledgement = await take(begin('delta', 3, 4), end(4, '1'.repeat(64)));
    expect(acknowledgement).toMatchObject({ outcome: 'refused', reason: 'hash-mismatch' });
    expect(inForce()).toEqual(['settings']);
    expect(book.positions()).toEqual([{ groupId, revision: 0, access: 0 }]);
  });

  it('forgets what a broken stream left unfinished', async () => {
    await take(begin('delta', 3, 4));
    book.startStream();
    await expect(take(put('upstream', 'u1', {}))).rejects.toThrow(OutOfStep);
  });

  it('is gone when the group leaves the pool, also in the middle of a change', async () => {
    await take(begin('delta', 3, 4), { type: 'leave', groupId });
    expect(book.positions()).toEqual([]);
    expect(inForce()).toEqual([]);
    await expect(take(end(4, hashOf(settings)))).rejects.toThrow(OutOfStep);
  });
});
