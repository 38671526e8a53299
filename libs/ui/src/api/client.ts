import { createTollgateClient, type TollgateClient, TollgateError } from '@tollgate/client';
import { shallowRef } from 'vue';
import { language } from '../i18n/index.ts';

/** Asks the back end for a session in an HttpOnly cookie, and proves that the request is this page’s own. */
const browserHeaders = { 'x-tollgate-browser': '1' };

/** True from the moment a call was refused because the session has ended, until somebody logged in again. */
export const isSessionLost = shallowRef(false);

/** Where 401 means “wrong password” and not “no longer logged in”. */
const logInPaths = /\/(?:auth\/|log-in$|sign-up$|verify-mail$|reset-password$|request-password-reset$)/;

/** The public REST API as this page may use it. One per app. */
export const api: TollgateClient = createTollgateClient({ baseUrl: location.origin, headers: browserHeaders });

let expectsSession = false;

/** Told by the app: from now on 401 means that a session was lost. */
export function expectSession(expected: boolean): void {
  expectsSession = expected;
  if (expected) isSessionLost.value = false;
}

api.use({
  onRequest({ request }) {
    request.headers.set('accept-language', language.value);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && expectsSession && !logInPaths.test(schemaPath)) isSessionLost.value = true;
  },
});

/** What a successful call answered. The client throws everything else as {@link TollgateError}. */
export async function dataOf<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call;
  return data as NonNullable<T>;
}

/** If-Match for an object as it was read; goes into `params.header`. */
export function ifMatch({ version }: { version: number }): { 'if-match': string } {
  return { 'if-match': `"${version}"` };
}

/** True when the object was changed by somebody else since it was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof TollgateError && error.status === 412;
}
