/** A name and its value, as they are typed. */
export interface Pair {
  name: string;
  value: string;
}

/** A request as it is put together. */
export interface RequestDraft {
  method: string;
  /** As it is typed: percent-encoded where it is sent. */
  path: string;
  query: Pair[];
  headers: Pair[];
  body: string;
}

/** A request as the API plays it. */
export interface RequestToSend {
  method: string;
  path: string;
  query: string;
  headers: Pair[];
  body: { encoding: 'text'; content: string } | null;
}

/** Methods that are offered. */
export const requestMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

/** An empty request. */
export function emptyDraft(): RequestDraft {
  return { method: 'GET', path: '/', query: [], headers: [], body: '' };
}

/** The first `{placeholder}` that still stands in a path. */
export function openPart(path: string): string | undefined {
  return /\{[^}/]*\}/u.exec(path)?.[0];
}

/** A draft as it is sent: rows without a name are left out, a query typed into the path goes before that of the rows. */
export function requestToSend({ method, path, query, headers, body }: RequestDraft): RequestToSend {
  const [place = '', typed = ''] = splitOnce(path.trim(), '?');
  const pairs = named(query).map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return {
    method,
    path: encoded(place),
    query: [...(typed === '' ? [] : [encoded(typed)]), ...pairs].join('&'),
    headers: named(headers).map(({ name, value }) => ({ name: name.trim(), value })),
    body: body === '' ? null : { encoding: 'text', content: body },
  };
}

function named(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(({ name }) => name.trim() !== '');
}

function splitOnce(text: string, mark: string): string[] {
  const place = text.indexOf(mark);
  return place === -1 ? [text] : [text.slice(0, place), text.slice(place + mark.length)];
}

/** What is encoded already stays; what may not stand in an address is encoded. */
function encoded(text: string): string {
  return encodeURI(text)
    .replaceAll(/%25(?=[0-9a-f]{2})/giu, '%')
    .replaceAll('#', '%23')
    .replaceAll('?', '%3F');
}
