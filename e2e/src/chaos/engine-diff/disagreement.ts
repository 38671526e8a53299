import { announcesClose } from '../../http/answer-parser.ts';
import { type ParsedRequest, parseRequests } from '../../http/request-parser.ts';
import type { DiffCase } from './diff-case.ts';
import type { Front } from './fronts.ts';
import { acceptances, type Observation } from './observe.ts';

/** The gateway and a peer differ about letting a request through. */
export interface Disagreement {
  readonly peer: Exclude<Front['name'], 'gateway'>;
  /** Who let it through. */
  readonly accepts: 'gateway' | 'peer';
  /** What the strict reference sees at that place; null beyond the first thing that it refuses. */
  readonly parsed: ParsedRequest | null;
  /** The bytes from there on, as latin1. */
  readonly text: string;
  /** Status of the refusal, 0 when there was none. */
  readonly refusal: number;
  /** Who refused had said, in an answer before, that the connection ends. */
  readonly wasClosing: boolean;
}

/** The first place at which one accepts and the other does not; null when they agree. */
export function findDisagreement(
  { bytes }: DiffCase,
  gateway: Observation,
  { name, observed }: { name: Disagreement['peer']; observed: Observation },
): Disagreement | null {
  const ours = acceptances(gateway);
  const theirs = acceptances(observed);
  const length = Math.max(ours.length, theirs.length);
  const place = Array.from({ length }, (_, index) => index).find(
    (index) => (ours[index] ?? false) !== (theirs[index] ?? false),
  );
  if (place === undefined) return null;
  const { requests, rest } = parseRequests(bytes);
  const request = requests[place];
  const restParsed = place === requests.length ? rest : null;
  const parsed: ParsedRequest | null = request === undefined ? restParsed : { kind: 'request', request };
  const accepts = (ours[place] ?? false) ? 'gateway' : 'peer';
  const refusing = accepts === 'gateway' ? observed : gateway;
  return {
    peer: name,
    accepts,
    parsed,
    text: bytes.toString('latin1', request?.start ?? restParsed?.start ?? bytes.length),
    refusal: refusing.answers[place]?.status ?? 0,
    wasClosing: refusing.answers.slice(0, place).some((answer) => announcesClose(answer)),
  };
}
