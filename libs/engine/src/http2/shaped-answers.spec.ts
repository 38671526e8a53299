import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { sendHttp2, startUpstream } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { openTo, startStreams } from './testing/http2-scene.ts';

describe('policies', () => {
  const stamp = definePolicy({
    name: 'stamp',
    title: 'Stamp',
    description: 'Marks answers, or replaces their bodies.',
    errors: [],
    priority: 10,
    schema: z.looseObject({ body: z.string().optional(), later: z.boolean().optional() }),
    shared: 'allowed',
    direction: 'outbound',
    compile: ({ body, later }) => ({
      async onResponse(_call, response) {
        if (later === true) await new Promise((resolve) => setImmediate(resolve));
        response.headers.set('x-stamp', String(response.status));
        response.headers.set('Connection', 'x-foo');
        response.headers.set('TE', 'x-foo');
        if (body !== undefined) response.body = body;
      },
    }),
  });

  it.each(['http', 'grpc'])('shape answers of an upstream with scheme %s', async (scheme) => {
    const http1 = await keep(startUpstream((_request, response) => response.end('plain')));
    const http2 = await startStreams((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('plain');
    });
    const address = scheme === 'http' ? http1.address : http2.address;
    const options = { policies: [stamp] };
    const shaped = await openTo(
      await startRouteTo({ address, scheme, route: { plugins: { stamp: { later: true } } } }, options),
    );
    expect(await sendHttp2(shaped, '/')).toMatchObject({ text: 'plain', headers: { 'x-stamp': '200' } });
    expect((await sendHttp2(shaped, '/')).headers).not.toHaveProperty('connection');
    const replaced = await openTo(
      await startRouteTo({ address, scheme, route: { plugins: { stamp: { body: 'other' } } } }, options),
    );
    for (let index = 0; index < 3; index++) expect(await sendHttp2(replaced, '/')).toMatchObject({ text: 'other' });
  });
});
