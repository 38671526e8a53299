import { parseCookie, stringifySetCookie } from 'cookie';

/** Cookies of sessions: no script reads them, no other site sends them. */
export class SessionCookie {
  readonly #isSecure: boolean;

  /** @param publicUrl with https the cookie is `Secure` and carries the `__Host-` prefix, which no subdomain can set. */
  constructor(publicUrl: URL) {
    this.#isSecure = publicUrl.protocol === 'https:';
  }

  nameOf(cookie: string): string {
    return this.#isSecure ? `__Host-${cookie}` : cookie;
  }

  /** Value of a cookie in a `Cookie` header; undefined when it is not there or empty. */
  read(header: string | undefined, cookie: string): string | undefined {
    const value = header === undefined ? undefined : parseCookie(header)[this.nameOf(cookie)];
    return value === '' ? undefined : value;
  }

  /** The `Set-Cookie` header that makes a browser keep `value` so many seconds; 0 takes it away. */
  write(cookie: string, value: string, maxAge: number): string {
    return stringifySetCookie({
      name: this.nameOf(cookie),
      value,
      maxAge,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.#isSecure,
    });
  }
}
