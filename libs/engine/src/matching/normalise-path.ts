const percent = 37;
const dot = 46;
const slash = 47;
const unreserved = /^[A-Za-z0-9\-._~]$/;

/**
 * The one form of a path that is matched, checked by policies and sent on, so that gateway and upstream never see two
 * different resources: escaped unreserved characters decoded, other escapes upper-case (`%2F` stays an escape), dot
 * segments resolved (RFC 3986, 6.2.2). Null when an escape is broken or a control character is escaped.
 */
export function normalisePath(path: string): string | null {
  if (isPlain(path)) return path;
  const decoded = decodeUnreserved(path);
  return decoded === null ? null : resolveDotSegments(decoded);
}

/** Whether there is neither an escape nor a segment that begins with a dot. */
function isPlain(path: string): boolean {
  let previous = 0;
  for (let index = 0; index < path.length; index++) {
    const code = path.charCodeAt(index);
    if (code === percent || (code === dot && previous === slash)) return false;
    previous = code;
  }
  return true;
}

function decodeUnreserved(path: string): string | null {
  let isBroken = false;
  const decoded = path.replace(/%(.{0,2})/gs, (escape, digits: string) => {
    if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
      isBroken = true;
      return escape;
    }
    const code = parseInt(digits, 16);
    if (code < 0x20 || code === 0x7f) isBroken = true;
    const character = String.fromCharCode(code);
    return unreserved.test(character) ? character : escape.toUpperCase();
  });
  return isBroken ? null : decoded;
}

function resolveDotSegments(path: string): string {
  const segments = path.split('/');
  const last = segments.at(-1);
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') {
      if (resolved.length > 1) resolved.pop();
    } else if (segment !== '.') {
      resolved.push(segment);
    }
  }
  if (last === '.' || last === '..') resolved.push('');
  return resolved.join('/') || '/';
}
