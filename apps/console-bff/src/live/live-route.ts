import type { INestApplicationContext } from '@nestjs/common';
import { live } from '@tollgate/contracts/rest/console';
import { bearerOf, RateLimits, READINESS, type Readiness } from '@tollgate/platform';
import type { FastifyInstance } from 'fastify';
import { LiveAccess } from './live-access.ts';
import { LiveHub } from './live-hub.ts';
import { LIVE_TIMES, type LiveTimes } from './live-times.ts';
import { LiveStream } from './live-stream.ts';

/** Serves the stream of what changes in the caller's tenant. It ends with the session, after its time, and when the service stops. */
export function addLiveRoute(fastify: FastifyInstance, app: INestApplicationContext): void {
  const access = app.get(LiveAccess);
  const hub = app.get(LiveHub);
  const limits = app.get(RateLimits);
  const times = app.get<LiveTimes>(LIVE_TIMES);
  const { stopping } = app.get<Readiness>(READINESS);

  fastify.get(live.path, { exposeHeadRoute: false }, async (request, reply) => {
    await limits.checkAddress(request.ip, live.rateLimit);
    const credential = bearerOf(request) ?? '';
    const principal = await access.get(credential === '' ? undefined : credential);
    await limits.checkPrincipal(principal, live.rateLimit);

    const { tenantId } = principal;
    const stream = new LiveStream(reply.raw, principal.permissions);
    const leave = await hub.join(tenantId, stream);
    reply.hijack();
    const end = (): void => stream.end();
    const recheck = async (): Promise<void> => {
      stream.ping();
      try {
        const now = await access.recheck(credential, tenantId);
        if (now === null) end();
        else stream.allow(now.permissions);
      } catch {
        // Whoever listened goes on listening while it cannot be told whether they still may; reads do the same.
      }
    };
    const pings = setInterval(() => void recheck(), times.pingMs);
    const longest = setTimeout(end, times.longestMs);
    stopping.addEventListener('abort', end);
    const finish = (): void => {
      clearInterval(pings);
      clearTimeout(longest);
      stopping.removeEventListener('abort', end);
      leave();
    };
    // Whoever went away while the way to Redis was made gets no `close` any more.
    if (reply.raw.destroyed) return finish();
    reply.raw.once('close', finish);
    stream.open(request.id);
    if (stopping.aborted) end();
  });
}
