import {
  Client,
  credentials,
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { eventually } from '@tollgate/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { engineErrors } from '../engine.errors.ts';
import { definePolicy } from '../policy/define-policy.ts';
import { startUpstream, type TestEngine } from '../testing/index.ts';
import { startRouteTo } from '../testing/one-route.ts';

const bytes = (value: Buffer): Buffer => value;
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
});
const echo = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  spread: method('Spread', false, true),
  chat: method('Chat', true, true),
};

type Message = Buffer;

/** A gRPC server whose methods send back what they get. */
async function startServer(seen: string[] = []): Promise<string> {
  const server = new Server();
  server.addService(echo, {
    unary: (call: ServerUnaryCall<Message, Message>, done: sendUnaryData<Message>) => {
      const text = call.request.toString();
      if (text === 'fail') {
        const metadata = new Metadata();
        metadata.set('x-why', 'because');
        done({ code: status.FAILED_PRECONDITION, details: 'not now: 100 %', metadata });
        return;
      }
      call.on('cancelled', () => seen.push('cancelled'));
      if (text === 'wait') {
        seen.push('waits');
        return;
      }
      const trailers = new Metadata();
      trailers.set('x-trailer', call.metadata.get('x-own').join());
      trailers.set('x-binary-bin', Buffer.from([0, 1, 255]));
      done(null, call.request, trailers);
    },
    collect: (call: ServerReadableStream<Message, Message>, done: sendUnaryData<Message>) => {
      const parts: Buffer[] = [];
      call.on('data', (part: Buffer) => parts.push(part));
      call.on('end', () => done(null, Buffer.concat(parts)));
    },
    spread: (call: ServerWritableStream<Message, Message>) => {
      for (const letter of call.request.toString()) call.write(Buffer.from(letter));
      call.end();
    },
    chat: (call: ServerDuplexStream<Message, Message>) => {
      call.on('data', (part: Buffer) => call.write(Buffer.from(part.toString().toUpperCase())));
      call.on('end', () => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (cause, bound) =>
      cause === null ? resolve(bound) : reject(cause),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

const refuser = definePolicy({
  name: 'refuser',
  title: 'Refuser',
  description: 'Refuses every call.',
  errors: [],
  priority: 10,
  schema: z.looseObject({ status: z.number() }),
  shared: 'allowed',
  direction: 'inbound',
  compile: ({ status: answered }) => ({
    onRequest: (call) => {
      call.responseHeaders.set('x-hint', 'try later');
      return call.reject(engineErrors.quotaExhausted, 'zu spät', { status: answered });
    },
  }),
});

const startTo = (address: string, plugins: Record<string, unknown> = {}) =>
  startRouteTo({ address, scheme: 'grpc', route: { uri: '/test.Echo/*', plugins } }, { policies: [refuser] });

function openClient({ port }: TestEngine): Client {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_authority': 'api.test',
    'grpc.enable_retries': 0,
  });
  onTestFinished(() => client.close());
  return client;
}

interface Unary {
  readonly error: ServiceError | null;
  readonly text: string | undefined;
  readonly trailers: Metadata;
}

async function callUnary(client: Client, text: string, { path } = echo.unary): Promise<Unary> {
  const metadata = new Metadata();
  metadata.set('x-own', 'mine');
  return new Promise((resolve) => {
    let trailers = new Metadata();
    const call = client.makeUnaryRequest(path, bytes, bytes, Buffer.from(text), metadata, (error, answer) =>
      setImmediate(() => resolve({ error, text: answer?.toString(), trailers })),
    );
    call.on('status', (end) => (trailers = end.metadata));
  });
}

describe('a gRPC call', () => {
  it('passes with its message, metadata and trailers', async () => {
    const engine = await startTo(await startServer());
    const { error, text, trailers } = await callUnary(openClient(engine), 'hello');
    expect([error, text]).toEqual([null, 'hello']);
    expect(trailers.get('x-trailer')).toEqual(['mine']);
    expect(trailers.get('x-binary-bin')).toEqual([Buffer.from([0, 1, 255])]);
    await eventually(() => expect(engine.engine.status().callsCounted).toBe(1), { withinMs: 2000 });
    // Five bytes of framing stand before each message.
    expect(engine.engine.drainLedger()).toMatchObject([{ status: 200, bytesIn: 10, bytesOut: 10, billable: 1 }]);
  });

  it('passes 2 MB each way', async () => {
    const engine = await startTo(await startServer());
    const large = 'x'.repeat(2_000_000);
    expect((await callUnary(openClient(engine), large)).text).toBe(large);
  });

  it('passes on the status, message and metadata of an error', async () => {
    const engine = await startTo(await startServer());
    const { error } = await callUnary(openClient(engine), 'fail');
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: 'not now: 100 %' });
    expect(error?.metadata.get('x-why')).toEqual(['because']);
  });

  it('streams from the client', async () => {
    const client = openClient(await startTo(await startServer()));
    const text = await new Promise((resolve, reject) => {
      const call = client.makeClientStreamRequest(echo.collect.path, bytes, bytes, (error, answer) =>
        error === null ? resolve(answer?.toString()) : reject(error),
      );
      for (const part of ['a', 'b', 'c']) call.write(Buffer.from(part));
      call.end();
    });
    expect(text).toBe('abc');
  });

  it('streams from the server', async () => {
    const client = openClient(await startTo(await startServer()));
    const call = client.makeServerStreamRequest(echo.spread.path, bytes, bytes, Buffer.from('abcdef'));
    const parts: string[] = [];
    call.on('data', (part: Buffer) => parts.push(part.toString()));
    await new Promise((resolve, reject) => call.on('end', resolve).on('error', reject));
    expect(parts).toEqual([...'abcdef']);
  });

  it('streams both ways, message by message', async () => {
    const client = openClient(await startTo(await startServer()));
    const call = client.makeBidiStreamRequest(echo.chat.path, bytes, bytes);
    const parts: string[] = [];
    call.on('data', (part: Buffer) => parts.push(part.toString()));
    for (const [index, part] of ['a', 'b', 'c'].entries()) {
      call.write(Buffer.from(part));
      await eventually(() => expect(parts).toHaveLength(index + 1), { withinMs: 2000 });
    }
    call.end();
    await new Promise((resolve, reject) => call.on('end', resolve).on('error', reject));
    expect(parts).toEqual(['A', 'B', 'C']);
  });

  it('that the client cancels is cancelled at the server', async () => {
    const seen: string[] = [];
    const client = openClient(await startTo(await startServer(seen)));
    const call = client.makeUnaryRequest(echo.unary.path, bytes, bytes, Buffer.from('wait'), () => undefined);
    await eventually(() => expect(seen).toEqual(['waits']), { withinMs: 2000 });
    call.cancel();
    await eventually(() => expect(seen).toEqual(['waits', 'cancelled']), { withinMs: 2000 });
  });
});

describe('an error of the gateway is told to gRPC clients in their terms', () => {
  it.each([
    [400, status.INTERNAL],
    [401, status.UNAUTHENTICATED],
    [403, status.PERMISSION_DENIED],
    [404, status.UNIMPLEMENTED],
    [429, status.UNAVAILABLE],
    [500, status.UNKNOWN],
    [503, status.UNAVAILABLE],
  ])('%i as %i, with its explanation and headers, and counted as what it is', async (httpStatus, code) => {
    const engine = await startTo(await startServer(), { refuser: { status: httpStatus } });
    const { error } = await callUnary(openClient(engine), 'hello');
    expect(error).toMatchObject({ code, details: 'zu spät' });
    expect(error?.metadata.get('x-hint')).toEqual(['try later']);
    expect(engine.engine.drainLedger()).toMatchObject([{ status: httpStatus, billable: 0 }]);
  });

  it('when there is no route', async () => {
    const client = openClient(await startTo(await startServer()));
    const { error } = await callUnary(client, 'hello', { ...echo.unary, path: '/other.Service/Method' });
    expect(error).toMatchObject({ code: status.UNIMPLEMENTED, details: 'There is no such API here' });
  });

  it('when the host is unknown', async () => {
    const { port } = await startTo(await startServer());
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    onTestFinished(() => client.close());
    expect((await callUnary(client, 'hello')).error).toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('when the upstream is not there', async () => {
    const gone = await startUpstream();
    await gone.stop();
    const client = openClient(await startTo(gone.address));
    expect((await callUnary(client, 'hello')).error).toMatchObject({ code: status.UNAVAILABLE });
  });
});
