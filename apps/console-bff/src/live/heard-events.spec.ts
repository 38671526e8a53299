import '@tollgate/contracts/rest/analytics';
import '@tollgate/contracts/rest/gateway';
import '@tollgate/contracts/rest/iam';
import '@tollgate/contracts/rest/policy';
import '@tollgate/contracts/rest/portal';
import { auditEntryRecorded, eventCatalogue, tenantCreated, usageBatchAccepted } from '@tollgate/contracts/events';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { describe, expect, it } from 'vitest';
import { isWatched, unwatchedNouns } from './audited-objects.ts';
import { changesOf, heardEvents } from './heard-events.ts';

/** Nobody looks at a tenant before it exists; reports are not live. */
const unheard = [tenantCreated.type, usageBatchAccepted.type];

const nouns = new Set(
  endpointCatalogue()
    .filter(({ path }) => !path.startsWith('/internal/'))
    .flatMap(({ audit }) => (audit === undefined ? [] : [audit.split('.', 1)[0] ?? ''])),
);

describe('what is heard', () => {
  it('is every event, but those that are listed as not', () => {
    const heard = heardEvents.map(({ definition }) => definition.type);
    expect([...heard, ...unheard].sort()).toEqual(eventCatalogue().map(({ type }) => type));
  });

  it.each([...nouns])('is every audited change: %s is shown under a topic or listed as nobody’s', (noun) => {
    expect(isWatched(noun)).not.toBe(unwatchedNouns.has(noun));
  });

  it('of an audit entry names the log and the object, nothing of what is in it', () => {
    const event = auditEntryRecorded.create({
      subject: 'tnt_1',
      tenantId: 'tnt_1',
      data: {
        action: 'iam.member.update',
        actor: { kind: 'user', id: 'usr_1', name: 'Ada' },
        object: { kind: 'member', id: 'usr_2' },
        details: { role: 'admin' },
      },
    });
    expect(changesOf(event.envelope)).toEqual([{ topic: 'audit' }, { topic: 'members', id: 'usr_2' }]);
  });

  it('of an event that does not fit its shape is nothing', () => {
    const { envelope } = auditEntryRecorded.create({
      subject: 'tnt_1',
      data: { action: 'a.b', actor: { kind: 'user', id: 'x' }, object: { kind: 'a', id: 'x' }, details: {} },
    });
    expect(changesOf({ ...envelope, data: { other: true } })).toEqual([]);
    expect(changesOf({ ...envelope, type: 'unknown.v1' })).toEqual([]);
  });
});
