import { tenantResumed } from '@tollgate/contracts/events';
import { newId } from '@tollgate/contracts';
import { describe, expect, it } from 'vitest';
import { MalformedEventError } from '../bus/event-codec.ts';
import { isOutdated, receive } from './received-event.ts';

const tenantId = newId('tnt');
const { envelope } = tenantResumed.create({ subject: tenantId, tenantId, aggregateVersion: 4, data: { tenantId } });

describe('a received event', () => {
  it('has its data checked; members of later versions are dropped', () => {
    const later = { ...envelope, data: { tenantId, later: true } };
    expect(receive(tenantResumed, later)).toMatchObject({ data: { tenantId }, tenantId, aggregateVersion: 4 });
    expect(receive(tenantResumed, later).data).not.toHaveProperty('later');
  });

  it('is malformed when its data does not fit, with the place', () => {
    expect(() => receive(tenantResumed, { ...envelope, data: {} })).toThrow(MalformedEventError);
    expect(() => receive(tenantResumed, { ...envelope, data: {} })).toThrow('data.tenantId');
  });

  it.each([
    [null, false],
    [3, false],
    [4, true],
    [5, true],
  ])('of version 4 where version %s is held is outdated: %s', (held, outdated) => {
    expect(isOutdated(receive(tenantResumed, envelope), held)).toBe(outdated);
  });

  it('without a version is never outdated', () => {
    const { aggregateversion: _, ...unversioned } = envelope;
    expect(isOutdated(receive(tenantResumed, unversioned), 9)).toBe(false);
  });
});
