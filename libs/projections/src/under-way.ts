/** Far more than an event takes from its owner to those who copy. */
const usualWayMs = 60_000;

/**
 * Whether an event that was told then may not have arrived yet. For copies of what changes all the time: one that is older than its
 * owner's has only drifted when it is not.
 * @param toldAt RFC 3339.
 */
export function isUnderWay(toldAt: string): boolean {
  return Date.now() - Date.parse(toldAt) < usualWayMs;
}
