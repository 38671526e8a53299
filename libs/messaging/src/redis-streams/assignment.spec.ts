import { describe, expect, it } from 'vitest';
import { assignedPartitions } from './assignment.ts';

describe('the assignment of partitions', () => {
  it.each([1, 2, 3, 5, 12, 20])('gives every partition to exactly one of %i members, evenly', (count) => {
    const members = Array.from({ length: count }, (_, index) => `member-${String(index).padStart(2, '0')}`);
    const shares = members.map((member) => assignedPartitions('topic', 12, members, member));
    expect(shares.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, partition) => partition));
    const sizes = shares.map((share) => share.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('gives nothing to who is not a member', () => {
    expect(assignedPartitions('topic', 12, ['a'], 'b')).toEqual([]);
  });

  it('spreads topics with few partitions over many members', () => {
    const members = ['a', 'b', 'c', 'd', 'e', 'f'];
    const topics = Array.from({ length: 30 }, (_, index) => `topic-${index}`);
    const busy = new Set(
      topics.flatMap((topic) => members.filter((member) => assignedPartitions(topic, 1, members, member).length > 0)),
    );
    expect([...busy].toSorted()).toEqual(members);
  });
});
