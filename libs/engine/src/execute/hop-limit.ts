/** How many gateways of ours a request has passed: each adds one, and refuses what has passed too many. */
export const hopsField = 'X-Tollgate-Hops';

const lowerCaseName = hopsField.toLowerCase();
const longest = 4;

/**
 * The count that a request brings, 0 when it brings none. What is no count counts as none: whoever makes one up harms only this request,
 * because every gateway writes its own.
 */
export function hopsOf(fields: { header(name: string): string | undefined }): number {
  const value = fields.header(lowerCaseName);
  if (value === undefined) return 0;
  if (value.length === 1) return value >= '0' && value <= '9' ? Number(value) : 0;
  const counts = value.split(',').map((part) => part.trim());
  return Math.max(0, ...counts.filter((count) => count.length <= longest && /^\d+$/.test(count)).map(Number));
}
