const prefix = 'tg:bus:';

/** Hash of topic name → specification, as JSON. */
export const topicsKey = `${prefix}topics`;
/** Hash of lease key → number of times the lease was taken: the source of fencing tokens. */
export const fencesKey = `${prefix}fences`;
/** Channel on which a changed stream, or a group whose members changed, is named. */
export const wakeChannel = `${prefix}wake`;

/** The stream of one partition. */
export function streamKey(topic: string, partition: number): string {
  return `${prefix}${topic}.${partition}`;
}

/** Who of a group reads a partition; expires when its holder dies. */
export function leaseKey(group: string, topic: string, partition: number): string {
  return `${prefix}lease:${group}:${topic}.${partition}`;
}

/** Sorted set of a group's living members that read a topic, by the time of their last heartbeat. */
export function membersKey(group: string, topic: string): string {
  return `${prefix}members:${group}:${topic}`;
}

/** What is announced on the wake channel when members of a group come or go, or a partition is given up. */
export function groupSignal(group: string): string {
  return `${prefix}group:${group}`;
}
