import { describe, expect, it } from 'vitest';
import { refuseLateGenerator } from './open-loop.ts';

describe('an open loop', () => {
  it('counts when the generator kept its times in most rounds', () => {
    expect(() => refuseLateGenerator([0, 0.001, 0.2, 0.3, 0.01])).not.toThrow();
  });

  it('is refused when it did not', () => {
    expect(() => refuseLateGenerator([0.011, 0.02, 0.3, 0, 0])).toThrow('in 3 of 5 loops');
  });
});
