import { randomBytes } from 'node:crypto';
import { ServiceClient, ServiceTokens, serviceUrls } from '@tollgate/auth';
import type { Principal } from '@tollgate/contracts/auth';
import { exchangeToken, type IssuedSession } from '@tollgate/contracts/rest/iam';
import type { PlatformConfig } from '@tollgate/platform';
import { z } from 'zod';

/** One answer, read. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface SendOptions {
  body?: unknown;
  /** Version for If-Match. */
  version?: number;
  headers?: Record<string, string>;
}

/** What the edge does with each request: exchanges the caller's credential for an internal token and passes the request on. */
export class Edge {
  readonly client: ServiceClient;
  readonly url: string;

  constructor(config: PlatformConfig) {
    this.url = config.IAM_URL;
    this.client = new ServiceClient(new ServiceTokens(config.TOLLGATE_MASTER_KEY, 'console-bff'), serviceUrls(config));
  }

  exchange(credential: string): Promise<{ token: string; principal: Principal }> {
    return this.client.call(exchangeToken, { body: { credential, audience: 'iam' } });
  }

  /** Sends with exactly this bearer. */
  async sendAs<T>(
    bearer: string | undefined,
    method: string,
    path: string,
    { body, version, headers = {} }: SendOptions = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }
}

const uniqueWord = (): string => `t${randomBytes(6).toString('hex')}`;

/** Somebody with a session or access token, or nobody. */
export class Caller {
  constructor(
    private readonly edge: Edge,
    readonly credential: string | undefined,
    /** Set for those who came by sign-up. */
    readonly person: { email: string; password: string; name: string; slug: string } | undefined = undefined,
    readonly session: IssuedSession | undefined = undefined,
  ) {}

  get tenantId(): string {
    return z.string().parse(this.session?.tenantId);
  }

  as(credential: string): Caller {
    return new Caller(this.edge, credential, this.person);
  }

  async send<T = Record<string, unknown>>(method: string, path: string, options: SendOptions = {}): Promise<Answer<T>> {
    const bearer = this.credential === undefined ? undefined : (await this.edge.exchange(this.credential)).token;
    return this.edge.sendAs(bearer, method, path, options);
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.send('GET', path);
  }

  post<T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.send('POST', path, { ...(body === undefined ? {} : { body }), headers });
  }

  patch<T = Record<string, unknown>>(path: string, body: unknown, version?: number): Promise<Answer<T>> {
    return this.send('PATCH', path, { body, ...(version === undefined ? {} : { version }) });
  }

  delete(path: string, version?: number): Promise<Answer> {
    return this.send('DELETE', path, version === undefined ? {} : { version });
  }

  /** A new organisation with its owner. */
  async signUp(): Promise<Caller> {
    const slug = uniqueWord();
    const person = { email: `${slug}@example.org`, password: 'a password of my own', name: `Owner of ${slug}`, slug };
    const { email, password, name } = person;
    const answer = await this.post<IssuedSession>('/api/v1/auth/sign-up', {
      organisation: { name: `Org ${slug}`, slug },
      user: { email, password, name },
    });
    if (answer.status !== 201) throw new Error(`sign-up answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return new Caller(this.edge, answer.body.token, person, answer.body);
  }

  async logIn({ email, password }: { email: string; password: string }): Promise<Caller> {
    const answer = await this.post<IssuedSession>('/api/v1/auth/login', { email, password });
    if (answer.status !== 200) throw new Error(`log-in answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return new Caller(this.edge, answer.body.token, this.person, answer.body);
  }
}
