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
import { TollgateError, type components } from '@tollgate/client';
import { computed, ref, shallowRef } from 'vue';

/** Who is logged in at the present site. */
export type Developer = components['schemas']['Developer'];

const me = shallowRef<Developer>();
const site = ref('');
const isAsking = ref(false);

/** Whether this browser logged in at a site and never out. The session itself is in a cookie that no script can read. */
const keyOf = (siteSlug: string): string => `tollgate.logged-in.${siteSlug}`;

let stopWatching: () => void = () => undefined;

/** Sessions belong to one site: at another one nobody is logged in until asked. */
export function enterSite(siteSlug: string): void {
  if (site.value === siteSlug) return;
  site.value = siteSlug;
  me.value = undefined;
  expectSession(false);
  stopWatching();
  stopWatching = watchStored(keyOf(siteSlug), askAgain);
}

/** Asks the server who is logged in. @throws TollgateError 401 when nobody is; then nobody is asked again. */
async function load(): Promise<Developer> {
  const siteSlug = site.value;
  isAsking.value = true;
  try {
    const developer = await dataOf(api.GET('/api/v1/portal/{siteSlug}/me', { params: { path: { siteSlug } } }));
    if (siteSlug === site.value) me.value = developer;
    expectSession(true);
    if (readStored(keyOf(siteSlug)) === null) writeStored(keyOf(siteSlug), 'yes');
    return developer;
  } catch (error) {
    if (error instanceof TollgateError && error.status === 401 && me.value === undefined) forget();
    throw error;
  } finally {
    isAsking.value = false;
  }
}

/** Another tab logged in or out: the server says what that means for this one, whose page stays as it is. */
function askAgain(value: string | null): void {
  if (me.value === undefined || (value !== null && !isSessionLost.value)) return;
  const { email } = me.value;
  void load().then(
    (now) => {
      // Somebody else: nothing of the first person’s page may be saved in their name.
      if (now.email !== email) location.assign(`/${site.value}`);
    },
    () => undefined,
  );
}

function forget(): void {
  expectSession(false);
  me.value = undefined;
  removeStored(keyOf(site.value));
}

const path = () => ({ path: { siteSlug: site.value } });

/** The developer's session of this browser at the present site. */
export function useSession() {
  return {
    me: computed(() => me.value),
    /** True while it is not known yet whether somebody is logged in. */
    isAsking: computed(() => isAsking.value && me.value === undefined),
    /** False when asking the server would be in vain. */
    mayBeLoggedIn: () => readStored(keyOf(site.value)) !== null,
    load,
    forget,
    async logIn(credentials: { email: string; password: string }): Promise<Developer> {
      await api.POST('/api/v1/portal/{siteSlug}/log-in', { params: path(), body: credentials });
      const now = await load();
      // Told to the other tabs.
      writeStored(keyOf(site.value), new Date().toISOString());
      return now;
    },
    async logOut(): Promise<void> {
      await api.POST('/api/v1/portal/{siteSlug}/log-out', { params: path() }).catch(() => undefined);
      forget();
      // A new document: nothing of the session is left in memory.
      location.assign(`/${site.value}`);
    },
  };
}
