import { auditEntryRecorded } from '@tollgate/contracts/events';
import { Kafka } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { MalformedEventError, parseEnvelope, toRecord } from './event-codec.ts';

const event = auditEntryRecorded.create({
  subject: 'obj_1',
  tenantId: 'tnt_1',
  partitionKey: 'tnt_1',
  aggregateVersion: 3,
  data: {
    action: 'iam.project.create',
    actor: { kind: 'user', id: 'usr_1' },
    object: { kind: 'project', id: 'obj_1' },
    details: {},
  },
});

describe('an event as a record', () => {
  it('is a CloudEvent in structured mode to the reference implementation', () => {
    const { value, headers } = toRecord(event);
    const read = Kafka.toEvent({ headers: { ...headers }, body: value, value, key: null, timestamp: null } as never);
    expect(read).toMatchObject({
      id: event.envelope.id,
      type: 'audit.entry.recorded.v1',
      tenantid: 'tnt_1',
      data: event.envelope.data,
    });
  });

  it('is keyed by what its order depends on', () => {
    expect(toRecord(event)).toMatchObject({ topic: 'tollgate.audit.entry', key: 'tnt_1' });
  });

  it('comes back as it was', () => {
    expect(parseEnvelope(toRecord(event).value)).toEqual(event.envelope);
  });

  it('may carry attributes of a later version, which are dropped', () => {
    const later = JSON.stringify({ ...event.envelope, later: true });
    expect(parseEnvelope(later)).toEqual(event.envelope);
  });

  it.each([
    ['', 'not JSON'],
    ['null', 'no envelope'],
    ['[]', 'no envelope'],
    [JSON.stringify({ ...event.envelope, specversion: '0.3' }), 'specversion'],
    [JSON.stringify({ ...event.envelope, id: undefined }), 'id'],
    [JSON.stringify({ ...event.envelope, time: 'yesterday' }), 'time'],
  ])('is refused when it is %j', (value, reason) => {
    expect(() => parseEnvelope(value)).toThrow(MalformedEventError);
    expect(() => parseEnvelope(value)).toThrow(reason);
  });
});
