/** The token of a link in a mail: it stands in the fragment, which no server sees. */
export function mailToken(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/u, '')).get('token') ?? undefined;
}
