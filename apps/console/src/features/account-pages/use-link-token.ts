import { useRoute, useRouter } from 'vue-router';

/**
 * The secret of a mailed link, `#token=…`. It is taken out of the address at once, so that neither the history nor a shared screen
 * shows it; after a reload the link in the mail is opened again. Undefined when the link is not complete.
 */
export function useLinkToken(): string | undefined {
  const route = useRoute();
  const router = useRouter();
  const token = new URLSearchParams(route.hash.slice(1)).get('token');
  if (token !== null) void router.replace({ hash: '' });
  return token === null || token === '' ? undefined : token;
}
