import type { HeaderList } from './header-list.ts';

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Removes what concerns one connection only: the fixed set and whatever `Connection` names (RFC 9110, 7.6.1). */
export function removeHopByHop(headers: HeaderList): void {
  const named = connectionOptions(headers);
  headers.removeWhere((name) => hopByHop.has(name) || named.has(name));
}

/** The options that `Connection` lists, in lower case. */
export function connectionOptions(headers: HeaderList): Set<string> {
  const options = headers.getAll('connection').flatMap((value) => value.split(','));
  return new Set(options.map((option) => option.trim().toLowerCase()));
}
