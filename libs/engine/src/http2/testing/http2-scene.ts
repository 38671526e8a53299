import { once } from 'node:events';
import type { ClientHttp2Session, ServerOptions } from 'node:http2';
import { eventually } from '@tollgate/testing';
import { expect, onTestFinished } from 'vitest';
import {
  openHttp2,
  startHttp2Upstream,
  type StreamListener,
  type TestEngine,
  type TestHttp2Upstream,
} from '../../testing/index.ts';
import { keep } from '../../testing/keep.ts';

/** The head of a request with a body. */
export const post = { ':method': 'POST', ':path': '/', ':authority': 'api.test' };
/** The head of a request without one. */
export const get = { ...post, ':method': 'GET' };

/** Opens a connection of HTTP/2 in clear text, for as long as the test runs. */
export async function openTo({ port }: Pick<TestEngine, 'port'>): Promise<ClientHttp2Session> {
  const session = openHttp2(port);
  onTestFinished(() => session.destroy());
  await once(session, 'connect');
  return session;
}

/** Starts an upstream over HTTP/2, for as long as the test runs. */
export async function startStreams(listener?: StreamListener, options?: ServerOptions): Promise<TestHttp2Upstream> {
  return keep(startHttp2Upstream(listener, options));
}

/** An upstream that answers when it is told to. */
export interface PatientUpstream extends TestHttp2Upstream {
  answerAll(): void;
  /** Streams under way. */
  open(): number;
}

/** Starts an upstream that leaves every stream without an answer until it is told otherwise. */
export async function startPatient(): Promise<PatientUpstream> {
  const waiting: (() => void)[] = [];
  let open = 0;
  const upstream = await startStreams((stream) => {
    open++;
    stream.on('close', () => open--);
    waiting.push(() => {
      if (stream.destroyed) return;
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
  });
  return {
    ...upstream,
    answerAll: () => {
      for (const answer of waiting.splice(0)) answer();
    },
    open: () => open,
  };
}

/** The statuses of the calls of an engine, once there are so many. */
export async function statusesOf({ engine }: TestEngine, count: number): Promise<number[]> {
  await eventually(() => expect(engine.status().callsCounted).toBe(count), { withinMs: 3000 });
  return engine.drainLedger().flatMap(({ status, calls }) => Array.from({ length: calls }, () => status));
}
