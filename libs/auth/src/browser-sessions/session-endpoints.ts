import type { Endpoint } from '@tollgate/contracts/rest';

/** What an endpoint means to the session of a browser. `open`: anybody may call it, so a cookie adds nothing and risks nothing. */
export type SessionRole = 'begins' | 'ends' | 'open';

interface Known {
  method: string;
  path: RegExp;
  role: SessionRole;
}

/** Tells, by method and path, the endpoints at which a session begins or ends, or none is needed. */
export class SessionEndpoints {
  readonly #known: readonly Known[];

  constructor(endpoints: readonly Endpoint[]) {
    this.#known = endpoints.flatMap((endpoint) => {
      const role = endpoint.browserSession ?? (endpoint.access.kind === 'public' ? 'open' : undefined);
      const path = new RegExp(`^${endpoint.path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
      return role === undefined ? [] : [{ method: endpoint.method, path, role }];
    });
  }

  /** @param path without the query. */
  roleOf(method: string, path: string): SessionRole | undefined {
    return this.#known.find((known) => known.method === method && known.path.test(path))?.role;
  }
}
