import type { DeveloperState } from '@tollgate/contracts/rest/portal';
import { describe, expect, it } from 'vitest';
import { nextState } from '../shared/state-machine.ts';
import { afterVerification, developerMachine, type DeveloperStep, mayLogIn } from './developer-rules.ts';

const states: DeveloperState[] = ['pending', 'approved', 'refused', 'suspended'];
const outcome = (state: DeveloperState, step: DeveloperStep): DeveloperState | 'conflict' => {
  try {
    return nextState(developerMachine, state, step);
  } catch {
    return 'conflict';
  }
};

describe('a developer', () => {
  it.each<[DeveloperStep, (DeveloperState | 'conflict')[]]>([
    ['approve', ['approved', 'approved', 'approved', 'conflict']],
    ['refuse', ['refused', 'conflict', 'refused', 'conflict']],
    ['suspend', ['conflict', 'suspended', 'conflict', 'suspended']],
    ['resume', ['conflict', 'approved', 'conflict', 'approved']],
  ])('takes the step %s from the states that have it only', (step, expected) => {
    expect(states.map((state) => outcome(state, step))).toEqual(expected);
  });

  it('is approved by a proved mail address where the site says so, and only while pending', () => {
    expect(states.map((state) => afterVerification(state, 'automatic'))).toEqual([
      'approved',
      'approved',
      'refused',
      'suspended',
    ]);
    expect(states.map((state) => afterVerification(state, 'manual'))).toEqual(states);
  });

  it('logs in while pending or approved only', () => {
    expect(states.filter((state) => mayLogIn({ state }))).toEqual(['pending', 'approved']);
  });
});
