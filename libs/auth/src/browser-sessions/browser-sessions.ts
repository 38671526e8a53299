import type { Endpoint } from '@tollgate/contracts/rest';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserRealm } from './browser-realm.ts';
import type { BrowserSessionStore } from './browser-session-store.ts';
import { splitAnswer } from './issued-session.ts';
import { isFromPage, refuseCrossSite } from './same-origin.ts';
import { SessionCookie } from './session-cookie.ts';
import { SessionEndpoints, type SessionRole } from './session-endpoints.ts';

/** What {@link addBrowserSessions} works with. */
export interface BrowserSessionsOptions {
  readonly store: BrowserSessionStore;
  /** The address people type. */
  readonly publicUrl: URL;
  /** The endpoints served here. */
  readonly endpoints: readonly Endpoint[];
  /** The realm that a path belongs to; undefined where no cookie counts. */
  readonly realmOf: (path: string) => BrowserRealm | undefined;
  /** How long a browser keeps the cookie at most, milliseconds; default until the session's end. */
  readonly longestMs?: number;
}

/** A request that has to do with a browser's session. */
interface Visit {
  readonly realm: BrowserRealm;
  readonly role: SessionRole | undefined;
  /** Value of its cookie. */
  readonly id: string | undefined;
  /** The cookie, and nothing else, says who makes the request. */
  readonly isByCookie: boolean;
}

const readMethods = new Set(['GET', 'HEAD']);

/**
 * Lets browsers have sessions without ever holding a token: the token that an endpoint issues stays in Redis, the browser gets a cookie,
 * and a request with that cookie is from then on treated as if it carried the token. Whatever such a request may change needs proof that
 * our own page made it. Requests with an Authorization header are left alone.
 */
export function addBrowserSessions(fastify: FastifyInstance, options: BrowserSessionsOptions): void {
  const sessions = new BrowserSessions(options);
  fastify.addHook('onRequest', (request) => sessions.begin(request));
  fastify.addHook('onSend', (request, reply, payload) => sessions.finish(request, reply, payload));
}

class BrowserSessions {
  readonly #options: BrowserSessionsOptions;
  readonly #endpoints: SessionEndpoints;
  readonly #cookie: SessionCookie;
  readonly #visits = new WeakMap<FastifyRequest, Visit>();

  constructor(options: BrowserSessionsOptions) {
    this.#options = options;
    this.#endpoints = new SessionEndpoints(options.endpoints);
    this.#cookie = new SessionCookie(options.publicUrl);
  }

  async begin(request: FastifyRequest): Promise<void> {
    const visit = this.#visitOf(request);
    if (visit === undefined) return;
    const { realm, role, id, isByCookie } = visit;
    if (role === 'begins' || (isByCookie && !readMethods.has(request.method)))
      refuseCrossSite(request, this.#options.publicUrl);
    if (isByCookie && id !== undefined) {
      const token = await this.#options.store.find(realm.name, id);
      if (token !== null) request.headers.authorization = `Bearer ${token}`;
    }
    this.#visits.set(request, visit);
  }

  /** The visit is forgotten first: when this fails, the error goes out through here as well. */
  async finish(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const visit = this.#visits.get(request);
    if (visit === undefined) return payload;
    this.#visits.delete(request);
    const isDone = reply.statusCode >= 200 && reply.statusCode < 300;
    if (visit.role === 'begins') return isDone ? this.#enter(visit, reply, payload) : payload;
    if (reply.statusCode === 401 || (visit.role === 'ends' && isDone)) await this.#leave(visit, reply);
    return payload;
  }

  #visitOf(request: FastifyRequest): Visit | undefined {
    const path = request.url.split('?', 1)[0] ?? '/';
    const realm = this.#options.realmOf(path);
    if (realm === undefined) return undefined;
    const id = this.#cookie.read(request.headers.cookie, realm.cookie);
    const isPage = isFromPage(request);
    if (id === undefined && !isPage) return undefined;
    const role = this.#endpoints.roleOf(request.method, path);
    if (role === 'begins') return isPage ? { realm, role, id, isByCookie: false } : undefined;
    const isByCookie = id !== undefined && request.headers.authorization === undefined;
    return role === 'open' || !isByCookie ? undefined : { realm, role, id, isByCookie };
  }

  /** The session that the browser had before ends here for this browser. */
  async #enter({ realm, id: former }: Visit, reply: FastifyReply, payload: unknown): Promise<string> {
    const { store, longestMs } = this.#options;
    const { session, body } = await splitAnswer(payload);
    const id = await store.keep(realm.name, session);
    if (former !== undefined) await store.end(realm.name, former);
    const lifeMs = longestMs ?? session.expiresAt.getTime() - Date.now();
    void reply
      .removeHeader('content-length')
      .header('set-cookie', this.#cookie.write(realm.cookie, id, Math.max(1, Math.floor(lifeMs / 1000))));
    return body;
  }

  /** What Redis cannot be told now it forgets by itself; the token is dead already. */
  async #leave({ realm, id }: Visit, reply: FastifyReply): Promise<void> {
    void reply.header('set-cookie', this.#cookie.write(realm.cookie, '', 0));
    if (id !== undefined) await this.#options.store.end(realm.name, id).catch(() => undefined);
  }
}
