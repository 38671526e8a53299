import { describe, expect, it } from 'vitest';
import { RawUpstream, type SeenRequest, usualAnswer } from '../../http/raw-upstream.ts';
import { type ParsedAnswer, parseAnswer, type WireAnswer } from '../../http/answer-parser.ts';
import { parseRequests } from '../../http/request-parser.ts';
import { Wire } from '../../http/wire.ts';
import { auditStreams } from './audit-streams.ts';
import { caseOf, type DiffCase, piecesOf } from './diff-case.ts';
import { findDisagreement } from './disagreement.ts';
import { findViolation } from './invariants.ts';
import { minimise } from './minimise.ts';
import type { Observation } from './observe.ts';
import { explain, rules } from './rules.ts';

const caseFrom = (text: string): DiffCase => ({ bytes: Buffer.from(text, 'latin1'), cuts: [] });
const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: diff.test\r\n\r\n`;

function answerOf(text: string, method = 'GET'): WireAnswer {
  const parsed: ParsedAnswer = parseAnswer(Buffer.from(text), { method, isEnded: true });
  if (parsed.kind !== 'answer') throw new Error(parsed.kind);
  return parsed.answer;
}
const refusal = answerOf('HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');

/** As if exactly these requests had reached the upstream and been answered. */
function passed(text: string, ...further: WireAnswer[]): Observation {
  const seen: SeenRequest[] = parseRequests(Buffer.from(text, 'latin1')).requests.map((request, index) => ({
    ...request,
    sequence: index + 1,
    connection: 1,
  }));
  const answers = seen.map((request) => answerOf(usualAnswer(request), request.method));
  return { answers: [...answers, ...further], leftOver: '', end: null, seen, address: '127.1.0.1' };
}

describe('the generator', () => {
  it('makes the same case of the same seed and number, and others of others', () => {
    const cases = Array.from({ length: 300 }, (_, number) => caseOf(7, number));
    expect(cases).toEqual(Array.from({ length: 300 }, (_, number) => caseOf(7, number)));
    const texts = new Set(cases.map(({ bytes }) => bytes.toString('hex')));
    expect(texts.size).toBeGreaterThan(250);
    expect(caseOf(8, 0)).not.toEqual(caseOf(7, 0));
  });

  it('cuts within the bytes and loses none', () => {
    for (let number = 0; number < 300; number += 1) {
      const diffCase = caseOf(1, number);
      expect(Buffer.concat(piecesOf(diffCase)).equals(diffCase.bytes)).toBe(true);
    }
  });

  it('makes right requests, pipelined ones and wrong ones', () => {
    const streams = Array.from({ length: 300 }, (_, number) => parseRequests(caseOf(1, number).bytes));
    expect(streams.filter(({ requests }) => requests.length > 1).length).toBeGreaterThan(30);
    expect(streams.filter(({ rest }) => rest.kind === 'malformed').length).toBeGreaterThan(60);
    expect(
      streams.filter(({ requests, rest }) => requests.length > 0 && rest.kind === 'incomplete').length,
    ).toBeGreaterThan(60);
  });
});

describe('the rule that all see the same requests', () => {
  it('holds when what was sent was seen and answered, or refused', () => {
    expect(findViolation(caseFrom(get('/1') + get('/2')), passed(get('/1') + get('/2')))).toBeNull();
    expect(findViolation(caseFrom(`${get('/1')}junk\r\n`), passed(get('/1'), refusal))).toBeNull();
  });

  it('is broken by a request that the client has not sent', () => {
    expect(findViolation(caseFrom(get('/1')), passed(get('/1') + get('/inner')))).toMatch(/has not sent/);
    expect(findViolation(caseFrom(get('/1')), passed(get('/2')))).toMatch(/has not sent/);
    expect(findViolation(caseFrom(get('/1')), passed(get('/1') + get('/1')))).toMatch(/has not sent/);
  });

  it('is broken by answers in another order, of others, or too many', () => {
    const both = passed(get('/1') + get('/2'));
    const swapped = { ...both, answers: both.answers.toReversed() };
    expect(findViolation(caseFrom(get('/1') + get('/2')), swapped)).toMatch(/another request/);
    expect(findViolation(caseFrom(`junk\r\n`), passed('', refusal, refusal))).toMatch(/more answers/);
    expect(findViolation(caseFrom(get('/1') + get('/2')), passed('', refusal, refusal))).toMatch(/announced the end/);
  });
});

describe('the audit of streams', () => {
  it('finds bytes that the reference refuses, and requests that no case has sent', async () => {
    const upstream = await RawUpstream.start();
    const wire = await Wire.open({ port: upstream.port });
    await wire.send(get('/1').replace('\r\n\r\n', '\r\nX-Real-IP: 127.1.0.1\r\n\r\n'));
    await wire.answer();
    expect(await auditStreams(upstream)).toEqual({ disagreements: 0, unattributed: 0 });
    await wire.send(get('/2'));
    await wire.answer();
    await wire.send('GET  /3 HTTP/1.1\r\n');
    await wire.ends();
    expect(await auditStreams(upstream)).toEqual({ disagreements: 1, unattributed: 1 });
    await upstream.stop();
  });
});

describe('the rules of differences', () => {
  it('each give a reason of their own', () => {
    expect(new Set(rules.map(({ reason }) => reason)).size).toBe(rules.length);
  });

  it('explain what is meant, and nothing else', () => {
    const folded = caseFrom('GET /1 HTTP/1.1\r\nHost: diff.test\r\nX: a\r\n b\r\n\r\n');
    const refused = passed('', refusal);
    const byHaproxy = findDisagreement(folded, refused, { name: 'haproxy', observed: passed(get('/1')) });
    const byNginx = findDisagreement(folded, refused, {
      name: 'nginx',
      observed: passed(get('/1').replace('diff', 'other')),
    });
    expect(byHaproxy && explain(byHaproxy)?.reason).toBe('haproxy joins folded fields');
    expect(byNginx).toMatchObject({
      accepts: 'peer',
      refusal: 400,
      parsed: { kind: 'malformed', fault: 'folded field' },
    });
    const plain = findDisagreement(caseFrom(get('/1')), refused, { name: 'nginx', observed: passed(get('/1')) });
    expect(plain && explain(plain)).toBeNull();
    expect(findDisagreement(folded, refused, { name: 'nginx', observed: refused })).toBeNull();
  });
});

describe('the minimiser', () => {
  it('keeps only the bytes that matter, and no cut', async () => {
    const bytes = Buffer.from(`${'x'.repeat(200)}AB${'y'.repeat(300)}C${'z'.repeat(50)}`);
    const shows = async ({ bytes: candidate }: DiffCase): Promise<boolean> => /AB.*C/.test(candidate.toString());
    const smallest = await minimise({ bytes, cuts: [10, 200] }, shows, { mostTries: 1_000 });
    expect([smallest.bytes.toString(), smallest.cuts]).toEqual(['ABC', []]);
  });

  it('keeps a cut that matters, moved with its bytes', async () => {
    const shows = async ({ bytes, cuts }: DiffCase): Promise<boolean> =>
      cuts.some((cut) => bytes.subarray(0, cut).toString().endsWith('A') && bytes[cut] === 0x42);
    const smallest = await minimise({ bytes: Buffer.from('xxxxAByyyy'), cuts: [5] }, shows, { mostTries: 1_000 });
    expect([smallest.bytes.toString(), smallest.cuts]).toEqual(['AB', [1]]);
  });

  it('stops after as many tries as it may make', async () => {
    let tries = 0;
    const shows = async (): Promise<boolean> => (tries += 1) < 0;
    await minimise({ bytes: Buffer.alloc(5_000), cuts: [] }, shows, { mostTries: 25 });
    expect(tries).toBe(25);
  });
});
