import type { SubscriptionState } from '@tollgate/contracts/rest/portal';
import { describe, expect, it } from 'vitest';
import { begin, choosePlan, isWaiting, type Standing, type SubscriptionStep, take } from './subscription-rules.ts';

const standing = (state: SubscriptionState, requestedPlanVersionId: string | null = null): Standing => ({
  state,
  planVersionId: 'present',
  requestedPlanVersionId,
});
const states: SubscriptionState[] = ['pending', 'approved', 'suspended', 'refused', 'cancelled'];
const outcome = (state: SubscriptionState, step: SubscriptionStep): SubscriptionState | 'conflict' => {
  try {
    return take(standing(state), step).state;
  } catch {
    return 'conflict';
  }
};

describe('a subscription', () => {
  it.each<[SubscriptionStep, (SubscriptionState | 'conflict')[]]>([
    ['approve', ['approved', 'approved', 'conflict', 'conflict', 'conflict']],
    ['refuse', ['refused', 'conflict', 'conflict', 'refused', 'conflict']],
    ['suspend', ['conflict', 'suspended', 'suspended', 'conflict', 'conflict']],
    ['resume', ['conflict', 'approved', 'approved', 'conflict', 'conflict']],
    ['cancel', ['cancelled', 'cancelled', 'cancelled', 'conflict', 'cancelled']],
  ])('takes the step %s from the states that have it only', (step, expected) => {
    expect(states.map((state) => outcome(state, step))).toEqual(expected);
  });

  it('begins approved when its plan says so, else waits', () => {
    expect(begin({ id: 'x', approval: 'automatic' })).toEqual({
      state: 'approved',
      planVersionId: 'x',
      requestedPlanVersionId: null,
    });
    expect(isWaiting(begin({ id: 'x', approval: 'manual' }))).toBe(true);
  });
});

describe('a plan change', () => {
  it('takes effect at once when the new plan needs no approval', () => {
    expect(choosePlan(standing('approved'), { id: 'new', approval: 'automatic' })).toEqual({
      state: 'approved',
      planVersionId: 'new',
      requestedPlanVersionId: null,
    });
  });

  it('leaves the present plan in force until it is approved, and for good when it is refused', () => {
    const waiting = choosePlan(standing('approved'), { id: 'new', approval: 'manual' });
    expect(waiting).toEqual(standing('approved', 'new'));
    expect(isWaiting(waiting)).toBe(true);
    expect(take(waiting, 'approve')).toEqual({ ...standing('approved'), planVersionId: 'new' });
    expect(take(waiting, 'refuse')).toEqual(standing('approved'));
  });

  it('of a pending subscription asks for the new plan instead', () => {
    expect(choosePlan(standing('pending'), { id: 'new', approval: 'manual' })).toEqual({
      ...standing('pending'),
      planVersionId: 'new',
    });
  });

  it('back to the present plan withdraws the request', () => {
    expect(choosePlan(standing('approved', 'new'), { id: 'present', approval: 'manual' })).toEqual(
      standing('approved'),
    );
  });

  it('is dropped when the subscription is suspended or cancelled', () => {
    expect(take(standing('approved', 'new'), 'suspend')).toEqual(standing('suspended'));
    expect(take(standing('approved', 'new'), 'cancel')).toEqual(standing('cancelled'));
  });

  it.each<SubscriptionState>(['suspended', 'refused', 'cancelled'])('is refused while %s', (state) => {
    expect(() => choosePlan(standing(state), { id: 'new', approval: 'automatic' })).toThrow(/change-plan/);
  });
});
