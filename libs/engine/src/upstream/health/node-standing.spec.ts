import { describe, expect, it } from 'vitest';
import { countFinding, newStanding, setVerdict } from './node-standing.ts';

const unhealthy = { isHealthy: false, reason: '', since: 0 };

describe('a verdict', () => {
  it('changes when one kind of failure has reached its threshold; kinds are counted apart', () => {
    const standing = newStanding();
    expect(countFinding(standing, 'tcpFailure', 2)).toBe(false);
    expect(countFinding(standing, 'timeout', 2)).toBe(false);
    expect(countFinding(standing, 'httpFailure', 2)).toBe(false);
    expect(countFinding(standing, 'timeout', 2)).toBe(true);
  });

  it('a success forgets failures, a failure forgets successes', () => {
    const standing = newStanding();
    countFinding(standing, 'tcpFailure', 2);
    countFinding(standing, 'success', 1);
    expect(countFinding(standing, 'tcpFailure', 2)).toBe(false);
    setVerdict(standing, unhealthy);
    countFinding(standing, 'success', 2);
    countFinding(standing, 'tcpFailure', 2);
    expect(countFinding(standing, 'success', 2)).toBe(false);
    expect(countFinding(standing, 'success', 2)).toBe(true);
  });

  it('is not counted for what it already says', () => {
    const standing = newStanding();
    expect(countFinding(standing, 'success', 1)).toBe(false);
    setVerdict(standing, unhealthy);
    expect(countFinding(standing, 'tcpFailure', 1)).toBe(false);
  });

  it('never comes from findings with threshold 0, which forget nothing either', () => {
    const standing = newStanding();
    for (let index = 0; index < 300; index++) expect(countFinding(standing, 'timeout', 0)).toBe(false);
    countFinding(standing, 'tcpFailure', 2);
    countFinding(standing, 'success', 0);
    expect(countFinding(standing, 'tcpFailure', 2)).toBe(true);
  });
});
