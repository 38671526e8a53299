import { valuesOf } from '../../http/header-fields.ts';
import type { RequestFault, WireRequest } from '../../http/request-parser.ts';
import type { Disagreement } from './disagreement.ts';
import { diffHost } from './fronts.ts';

/** Why a peer and the gateway may differ. */
export interface Rule {
  readonly reason: string;
  readonly applies: (disagreement: Disagreement) => boolean;
}

type Peer = Disagreement['peer'];

/** A peer lets through what the reference refuses. */
const lenient = (peer: Peer, reason: string, ...faults: RequestFault[]): Rule => ({
  reason: `${peer} ${reason}`,
  applies: ({ peer: named, accepts, parsed }) =>
    named === peer && accepts === 'peer' && parsed?.kind === 'malformed' && faults.includes(parsed.fault),
});

/** A peer refuses a request that the reference takes. */
const strict = (peer: Peer, reason: string, applies: (request: WireRequest, text: string) => boolean): Rule => ({
  reason: `${peer} ${reason}`,
  applies: ({ peer: named, accepts, parsed, text }) =>
    named === peer && accepts === 'gateway' && parsed?.kind === 'request' && applies(parsed.request, text),
});

/** The gateway refuses, with one of the statuses, a request that the reference takes. */
const ours = (reason: string, statuses: readonly number[], applies: (request: WireRequest) => boolean): Rule => ({
  reason: `the gateway ${reason}`,
  applies: ({ accepts, parsed, refusal }) =>
    accepts === 'peer' && parsed?.kind === 'request' && statuses.includes(refusal) && applies(parsed.request),
});

const commonMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']);
const hasBody = ({ framing }: WireRequest): boolean => framing.kind === 'chunked' || framing.bytes > 0;
const hostOf = ({ fields }: WireRequest): string | undefined =>
  valuesOf(fields, 'host')[0]?.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();

/** Every difference that is meant. One that no rule explains is a finding. */
export const rules: readonly Rule[] = [
  {
    reason: 'the peer keeps the connection after what it refused or read differently; the gateway closes it',
    applies: ({ accepts, parsed }) => accepts === 'peer' && parsed === null,
  },
  {
    reason: 'the gateway ends the connection after what it refuses; the peer goes on with what comes behind it',
    applies: ({ accepts, refusal, wasClosing }) => accepts === 'peer' && refusal === 0 && wasClosing,
  },
  ours(
    'serves the hosts of its groups only, the peers serve any',
    [404, 421],
    (request) => hostOf(request) !== diffHost,
  ),
  ours('asks for Host in HTTP/1.0 as well', [400], ({ fields }) => valuesOf(fields, 'host').length === 0),
  ours('may refuse methods beyond the common ones', [400, 405, 501], ({ method }) => !commonMethods.has(method)),
  ours(
    'answers expectations that it does not know by 417',
    [417],
    ({ fields }) => valuesOf(fields, 'expect').length > 0,
  ),
  ours('may refuse bytes beyond ASCII in a target', [400], ({ target }) => /[\x80-\xff]/.test(target)),
  ours('refuses broken escapes and escaped control bytes', [400], ({ target }) =>
    /%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f/i.test(target),
  ),
  {
    reason: 'the gateway refuses white space behind a chunk size, which a sender must not make',
    applies: ({ accepts, parsed, refusal, text }) =>
      accepts === 'peer' &&
      parsed?.kind === 'request' &&
      refusal === 400 &&
      /\r\n[0-9a-f]+[ \t]+(?:;|\r\n)/i.test(text),
  },
  lenient(
    'nginx',
    'leaves out fields whose name is no token, the gateway refuses them',
    'field name',
    'space before colon',
  ),
  lenient('nginx', 'takes lines that end in a bare line feed', 'bare line feed'),
  lenient('nginx', 'takes control bytes in values', 'field value'),
  lenient('nginx', 'takes a carriage return inside a line', 'bare carriage return'),
  lenient('nginx', 'takes more than one space in the request line', 'request line'),
  lenient('nginx', 'reads every version 1.x as 1.1', 'version'),
  lenient('nginx', 'leaves the fragment of a target out and takes any scheme', 'target'),
  lenient('nginx', 'does not compare an absolute form with Host', 'authority'),
  lenient('nginx', 'does not look at what Connection names', 'Connection'),
  lenient('nginx', 'does not check what follows a chunk size, nor trailers', 'chunk size', 'chunk end'),
  lenient('haproxy', 'takes more than one space in the request line', 'request line', 'method'),
  {
    reason: 'haproxy takes a tab before the target',
    applies: ({ peer, accepts, parsed, text }) =>
      peer === 'haproxy' && accepts === 'peer' && parsed?.kind === 'malformed' && /^\S+ +\t/.test(text),
  },
  {
    reason: 'the peer closes without an answer what was sent with, or behind, something that it refuses',
    applies: ({ accepts, refusal, parsed }) => accepts === 'gateway' && refusal === 0 && parsed?.kind === 'request',
  },
  lenient('haproxy', 'takes lines that end in a bare line feed', 'bare line feed'),
  lenient('haproxy', 'takes the same Content-Length more than once', 'Content-Length'),
  lenient('haproxy', 'drops Content-Length beside Transfer-Encoding', 'both framings'),
  lenient('haproxy', 'takes any version', 'version'),
  lenient('haproxy', 'takes the byte DEL in values', 'field value'),
  lenient('haproxy', 'takes tabs and bytes beyond ASCII behind a target', 'target'),
  lenient('haproxy', 'takes a Host that differs from the absolute form in its port', 'authority'),
  lenient('haproxy', 'does not check the extensions of chunks, nor trailers', 'chunk size', 'chunk end'),
  lenient('nginx', 'leaves out lines that begin with white space', 'folded field'),
  lenient('haproxy', 'joins folded fields', 'folded field'),
  lenient('haproxy', 'takes the same Host more than once', 'Host'),
  strict('nginx', 'refuses tabs around the values of Host, Content-Length and Transfer-Encoding', (_request, text) =>
    /^(?:host|content-length|transfer-encoding):[^\r]*\t/im.test(text),
  ),
  strict('nginx', 'refuses OPTIONS *', ({ target }) => target === '*'),
  strict('nginx', 'refuses TRACE', ({ method }) => method === 'TRACE'),
  strict('nginx', 'refuses escapes that are none and paths that leave the root', ({ target }) =>
    /%(?![1-9a-f][0-9a-f]|0[1-9a-f])|\.\./i.test(target),
  ),
  strict(
    'haproxy',
    'refuses bodies of GET, HEAD and DELETE in HTTP/1.0',
    (request) => request.version === '1.0' && hasBody(request) && ['GET', 'HEAD', 'DELETE'].includes(request.method),
  ),
  strict('haproxy', 'refuses an absolute form with a query and no path', ({ target }) =>
    /^https?:\/\/[^/?]+\?/i.test(target),
  ),
  strict(
    'haproxy',
    'refuses an upgrade to WebSocket without its key, and upgrades with a body',
    ({ fields }) => valuesOf(fields, 'upgrade').length > 0,
  ),
];

/** The first rule that explains it, or null. */
export function explain(disagreement: Disagreement): Rule | null {
  return rules.find(({ applies }) => applies(disagreement)) ?? null;
}
