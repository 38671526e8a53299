import type { SiteLogo } from '@tollgate/contracts/rest/portal';

/** Bytes that an image begins with; those that are null may be any. */
const beginnings: readonly (readonly [SiteLogo['contentType'], readonly (number | null)[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
];

/** What an image is, by its first bytes and nothing that anybody says of it; null when it is none that a site may show. */
export function imageTypeOf(content: Uint8Array): SiteLogo['contentType'] | null {
  const begins = (bytes: readonly (number | null)[]) =>
    content.length > bytes.length && bytes.every((byte, index) => byte === null || content[index] === byte);
  return beginnings.find(([, bytes]) => begins(bytes))?.[0] ?? null;
}
