import { crc32 } from 'node:zlib';

/**
 * Which partitions of a topic a member reads: they are dealt out in turn to the members in the order of their names, starting at
 * another one per topic. Members that see the same list agree without talking to each other; while lists differ, leases decide.
 */
export function assignedPartitions(
  topic: string,
  partitions: number,
  members: readonly string[],
  member: string,
): number[] {
  const place = members.indexOf(member);
  if (place < 0) return [];
  const offset = crc32(topic);
  return Array.from({ length: partitions }, (_, partition) => partition).filter(
    (partition) => (partition + offset) % members.length === place,
  );
}
