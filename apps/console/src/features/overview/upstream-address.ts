/** Where an API is reached, as an upstream is described. */
export interface UpstreamAddress {
  readonly scheme: 'http' | 'https';
  readonly node: { readonly host: string; readonly port: number; readonly weight: number };
  /** Path below which the API lies, without a slash at its end; empty for the root. */
  readonly path: string;
}

/** Reads the address of an API; undefined when it is none that a gateway can call. */
export function readUpstreamAddress(text: string): UpstreamAddress | undefined {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '') return undefined;
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, node: { host: url.hostname, port, weight: 1 }, path: url.pathname.replace(/\/+$/, '') };
}

/** A name as an id: lower-case letters, digits and hyphens; empty when nothing of it can be used. */
export function idFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 48);
}
