import {
  api,
  dataOf,
  expectSession,
  isSessionLost,
  readStored,
  removeStored,
  watchStored,
  writeStored,
} from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { computed, shallowRef } from 'vue';

/** Who is logged in, where, and what they may do. */
export type Me = components['schemas']['Me'];
/** What somebody may do; see the API reference. */
export type Permission = Me['permissions'][number];

const me = shallowRef<Me>();
/** Why the server could not say who is logged in; a 401 is an answer. */
const failure = shallowRef<unknown>();

/** Whether this browser logged in and never out. The session itself is in a cookie that no script can read. */
const storageKey = 'tollgate.logged-in';

/** Asks the server who is logged in. @throws TollgateError 401 when nobody is. */
async function load(): Promise<Me> {
  failure.value = undefined;
  try {
    me.value = await dataOf(api.GET('/api/v1/me'));
  } catch (error) {
    failure.value = error;
    throw error;
  }
  expectSession(true);
  if (readStored(storageKey) === null) writeStored(storageKey, 'yes');
  return me.value;
}

function forget(): void {
  expectSession(false);
  me.value = undefined;
  removeStored(storageKey);
}

// Another tab logged in or out: the server says what that means for this one, whose page stays as it is.
watchStored(storageKey, (value) => {
  if (me.value === undefined || (value !== null && !isSessionLost.value)) return;
  const { email } = me.value;
  void load().then(
    (now) => {
      // Somebody else: nothing of the first person’s page may be saved in their name.
      if (now.email !== email) location.assign('/');
    },
    () => undefined,
  );
});

/** The session of this browser. Permissions only decide what is offered; the server decides what is done. */
export function useSession() {
  return {
    me: computed(() => me.value),
    failure: computed(() => failure.value),
    may: (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false,
    /** False when asking the server would be in vain. */
    mayBeLoggedIn: () => readStored(storageKey) !== null,
    load,
    forget,
    async logIn(credentials: { email: string; password: string }): Promise<Me> {
      const tenantId = me.value?.tenant?.id;
      await api.POST('/api/v1/auth/login', {
        body: tenantId === undefined ? credentials : { ...credentials, tenantId },
      });
      const now = await load();
      // Told to the other tabs.
      writeStored(storageKey, new Date().toISOString());
      return now;
    },
    async logOut(): Promise<void> {
      await api.POST('/api/v1/auth/logout').catch(() => undefined);
      forget();
      // A new document: nothing of the session is left in memory.
      location.assign('/log-in');
    },
    async switchTenant(tenantId: string): Promise<void> {
      await api.POST('/api/v1/auth/switch-tenant', { body: { tenantId } });
      location.assign('/');
    },
  };
}
