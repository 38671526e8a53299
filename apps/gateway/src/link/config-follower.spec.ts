import { PassThrough } from 'node:stream';
import { newId } from '@tollgate/contracts';
import type { Acknowledgement, ConfigLine } from '@tollgate/contracts/dataplane';
import type { ApplyResult } from '@tollgate/engine';
import { eventually } from '@tollgate/testing';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { GroupBook } from '../configuration/group-book.ts';
import { ConfigFollower } from './config-follower.ts';

const groupId = newId('grp');
const hash = 'a'.repeat(64);
const withinMs = 5_000;
const applied: ApplyResult = { ok: true, hash, program: null };
const mismatch: ApplyResult = { ok: false, reason: 'hash-mismatch', faults: [] };

/** The lines of a change that changes nothing. */
const change = (to: number): ConfigLine[] => [
  { type: 'begin', groupId, sequence: 'revision', mode: 'delta', from: to - 1, to },
  { type: 'end', groupId, revision: to, hash },
];

/** Follows a stream. A change is in force when its turn in `changes` is called; `results` are what becomes of them, all applied by default. */
function follow(results: readonly ApplyResult[] = []) {
  const streams: PassThrough[] = [];
  const changes: (() => void)[] = [];
  const told: Acknowledgement[] = [];
  const seen = { isSynced: false, cached: 0 };
  const book = new GroupBook({
    handOver: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const result = results[changes.length] ?? applied;
      changes.push(resolve);
      if (!result.ok) resolve();
      return { result, inForce: promise };
    },
    removeGroup: async () => undefined,
  });
  const follower = new ConfigFollower({
    http: () => ({
      stream: async () => {
        const stream = new PassThrough();
        streams.push(stream);
        return stream;
      },
    }),
    plane: { confirmAccess: () => undefined },
    book,
    cache: { changed: () => void seen.cached++, confirmed: () => undefined },
    acknowledger: { tell: (acknowledgement) => void told.push(acknowledgement) },
    logger: pino({ level: 'silent' }),
    onCommand: () => undefined,
    onSynced: () => (seen.isSynced = true),
    onFault: () => undefined,
  });
  follower.start();
  onTestFinished(async () => {
    for (const end of changes) end();
    for (const stream of streams) stream.end();
    await follower.stop();
  });
  const send = async (...lines: ConfigLine[]) => {
    await eventually(() => expect(streams).not.toHaveLength(0), { withinMs });
    streams.at(-1)?.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  const positions = () => told.map((one) => ('position' in one ? [one.outcome, one.position] : null));
  return { send, changes, positions, seen, book, streams };
}

it('a change is acknowledged when every worker has it in force, and the next ones are handed over meanwhile', async () => {
  const { send, changes, positions, seen, book } = follow();
  await send(...change(1), ...change(2), ...change(3));
  await eventually(() => expect(changes).toHaveLength(3), { withinMs });
  // The cache holds what is handed over, the control plane hears of what is in force.
  expect([book.positions()[0]?.revision, book.inForce()[0]?.revision]).toEqual([3, 0]);
  expect(positions()).toEqual([]);
  changes[0]?.();
  await eventually(() => expect(positions()).toEqual([['applied', 1]]), { withinMs });
  expect(book.inForce()).toEqual([{ groupId, revision: 1, access: 0, revisionHash: hash }]);
  for (const end of changes) end();
  await eventually(() => expect(positions().at(-1)).toEqual(['applied', 3]), { withinMs });
  expect(seen.cached).toBe(3);
});

it('is in step with the control plane only when everything that came is in force', async () => {
  const { send, changes, seen, positions } = follow();
  await send(...change(1), { type: 'synced' }, ...change(2));
  await eventually(() => expect(changes).toHaveLength(1), { withinMs });
  expect(seen.isSynced).toBe(false);
  changes[0]?.();
  await eventually(() => expect(changes).toHaveLength(2), { withinMs });
  expect(seen.isSynced).toBe(true);
  expect(positions()).toEqual([['applied', 1]]);
});

it('a change without its hash is refused after those before it are acknowledged, and everything is asked for anew at once', async () => {
  const { send, changes, positions, book, streams } = follow([applied, mismatch]);
  await send(...change(1), ...change(2));
  await eventually(() => expect(streams.length).toBeGreaterThan(1), { withinMs });
  expect(book.positions()).toEqual([{ groupId, revision: 0, access: 0 }]);
  expect(positions()).toEqual([]);
  changes[0]?.();
  await eventually(
    () =>
      expect(positions()).toEqual([
        ['applied', 1],
        ['refused', 2],
      ]),
    { withinMs },
  );
  expect(book.inForce()).toEqual([{ groupId, revision: 0, access: 0 }]);
});
