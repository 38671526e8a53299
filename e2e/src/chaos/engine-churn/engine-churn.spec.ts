import { createEngine } from '@tollgate/engine';
import { policies } from '@tollgate/policies';
import { describe, expect, it } from 'vitest';
import { CountedCalls } from './counted-calls.ts';
import { GroupHistory } from './group-history.ts';
import { routeThroughout, servers, sharedParts } from './routes-throughout.ts';
import { type Subject, VersionedSubject } from './subject.ts';
import { settingsOf } from './subjects.ts';

function subjectThatShows(...sights: string[]): Subject {
  return {
    name: 'subject',
    changeTo: () => ({ sequence: 'revision' }),
    expected: (version) => `version ${version}`,
    look: async () => sights.shift() ?? 'nothing',
  };
}

describe('what a call to a changing part shows', () => {
  it('is right for a version that was sent and not acknowledged, and for the one before', async () => {
    const versioned = new VersionedSubject(subjectThatShows('version 1', 'version 2'));
    versioned.next();
    expect([await versioned.check(), await versioned.check()]).toEqual([null, null]);
    expect(versioned).toMatchObject({ checks: 2, sharpChecks: 0 });
  });

  it('is wrong for a version whose successor was acknowledged before the call', async () => {
    const versioned = new VersionedSubject(subjectThatShows('version 1'));
    versioned.next();
    versioned.acknowledged = 2;
    expect(await versioned.check()).toContain('version 1 instead of version 2');
    expect(versioned).toMatchObject({ checks: 1, sharpChecks: 1 });
  });

  it('is wrong when there was no answer', async () => {
    const look = () => Promise.reject(new Error('gone'));
    const versioned = new VersionedSubject({ ...subjectThatShows(), look });
    expect(await versioned.check()).toContain('no answer');
  });
});

describe('the history of a group', () => {
  it('tells the hash that an engine has after the same changes, for every form of route and shared part', async () => {
    const engine = await createEngine({ policies, sockets: 'net' });
    const history = new GroupHistory('grp_069h9s3q0dt7n4rjbm2f6k8p4s');
    const parts = (edition: number) => [
      settingsOf(1 + edition),
      ...sharedParts(edition, (server) => `127.0.0.1:${9_000 + servers.findIndex((name) => name === server)}`),
      ...Array.from({ length: 12 }, (_, number) => routeThroughout(number, edition)),
    ];
    const gone = { kind: 'route', id: 'always-11' } as const;
    for (const change of [{ put: parts(0) }, { put: parts(1) }, { put: [], delete: [gone] }]) {
      const end = history.change({ sequence: 'revision', ...change }).at(-1);
      const expectedHash = end?.type === 'end' ? end.hash : '';
      expect(engine.apply(history.groupId, 'revision', { ...change, expectedHash })).toMatchObject({ ok: true });
    }
    await engine.close({ withinMs: 0 });
  });
});

describe('counted calls', () => {
  const batch = (sequence: number, calls: number) => ({
    epoch: '0'.repeat(32),
    sequence,
    rows: [
      {
        minute: 0,
        groupId: 'grp_069h9s3q0dt7n4rjbm2f6k8p4s',
        tenantId: 'tnt_069h9s3q0dt7n4rjbm2f6k8p4s',
        routeId: 'none',
        consumer: null,
        status: 404,
        calls,
        billable: 0,
        latencySumUs: 0,
        latency: [],
        bytesIn: 0,
        bytesOut: 0,
      },
    ],
  });

  it('are counted once when a batch comes again, and refused when it has changed', () => {
    const counted = new CountedCalls();
    counted.take(batch(1, 3));
    counted.take(batch(1, 3));
    counted.take(batch(2, 4));
    expect([counted.total, counted.byStatus.get(404)]).toEqual([7, 7]);
    expect(() => counted.take(batch(2, 5))).toThrow('other content');
  });
});
