import { announcesClose } from '../../http/answer-parser.ts';
import type { RequestEssence } from '../../http/node-requests.ts';
import { type SeenRequest, summaryOf } from '../../http/raw-upstream.ts';
import { parseRequests } from '../../http/request-parser.ts';
import { canonicalTarget } from '../../http/request-rules.ts';
import type { DiffCase } from './diff-case.ts';
import { type Observation, sequenceOf } from './observe.ts';

/** How the gateway broke the rule that everybody sees the same requests. */
export type Violation =
  | 'the upstream saw a request that the client has not sent'
  | 'an answer belongs to another request'
  | 'an answer is malformed'
  | 'more answers than requests'
  | 'an answer after the one that announced the end';

/** Compares what the client sent by the strict reference, what the upstream saw, and what was answered. Null: all agree. */
export function findViolation({ bytes }: DiffCase, observed: Observation): Violation | null {
  const { requests, rest } = parseRequests(bytes);
  if (!isInOrder(observed.seen, requests)) return 'the upstream saw a request that the client has not sent';
  const answered = observed.answers.map(sequenceOf).filter((sequence) => sequence !== null);
  if (answered.some((sequence, index) => sequence !== observed.seen[index]?.sequence))
    return 'an answer belongs to another request';
  if (!observed.answers.every((answer) => isAnswerToSeen(answer, observed.seen)))
    return 'an answer belongs to another request';
  if (observed.leftOver !== '' && observed.end === null) return 'an answer is malformed';
  const isRestRefusable = rest.kind === 'malformed' || rest.start < bytes.length;
  if (observed.answers.length > requests.length + (isRestRefusable ? 1 : 0)) return 'more answers than requests';
  const end = observed.answers.findIndex((answer) => announcesClose(answer));
  return end !== -1 && end < observed.answers.length - 1 ? 'an answer after the one that announced the end' : null;
}

/** Everything that was seen was sent, once, in that order; what was sent may have been refused. */
function isInOrder(seen: readonly SeenRequest[], sent: readonly RequestEssence[]): boolean {
  let at = 0;
  for (const request of seen) {
    const summary = canonicalSummary(request);
    while (at < sent.length && canonicalSummary(sent[at]) !== summary) at += 1;
    if (at >= sent.length) return false;
    at += 1;
  }
  return true;
}

function canonicalSummary(request: RequestEssence | undefined): string | null {
  return request === undefined ? null : summaryOf({ ...request, target: canonicalTarget(request.target) });
}

function isAnswerToSeen(answer: Observation['answers'][number], seen: readonly SeenRequest[]): boolean {
  const sequence = sequenceOf(answer);
  if (sequence === null) return true;
  const request = seen.find((candidate) => candidate.sequence === sequence);
  if (request === undefined) return false;
  return answer.body.toString('latin1') === (request.method === 'HEAD' ? '' : summaryOf(request));
}

/** Two parsers read the same requests. */
export function areSame(one: readonly RequestEssence[], other: readonly RequestEssence[]): boolean {
  return one.length === other.length && one.every((request, index) => isSame(request, other[index]));
}

function isSame(one: RequestEssence, other: RequestEssence | undefined): boolean {
  return (
    other !== undefined && one.method === other.method && one.target === other.target && one.body.equals(other.body)
  );
}
