import { api, dataOf, type RequestToSend } from '@tollgate/ui';
import type { components, operations } from '@tollgate/client';
import { useSiteSlug } from '../../app/site.ts';

/** What came back, and why. */
export type TriedRequest = components['schemas']['PortalTriedRequest'];

type Try = operations['createPortalTryRequest']['requestBody']['content']['application/json'];

/** A key that is about to end is not used any more. */
const spareMs = 30_000;
/** A new key is known to every gateway within a second; until then an answer may say that it is unknown. */
const settleMs = 3_000;
const againAfterMs = 500;

/** Sends requests with keys that live for 15 minutes and are kept nowhere but in this page. */
export function useTry() {
  const siteSlug = useSiteSlug();
  const keys = new Map<string, components['schemas']['TryCredential'] & { readonly madeAt: number }>();

  async function keyFor(subscriptionId: string) {
    const known = keys.get(subscriptionId);
    if (known !== undefined && Date.parse(known.expiresAt) - Date.now() > spareMs) return known;
    const made = await dataOf(
      api.POST('/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/try-credentials', {
        params: { path: { siteSlug: siteSlug.value, subscriptionId } },
      }),
    );
    const key = { ...made, madeAt: Date.now() };
    keys.set(subscriptionId, key);
    return key;
  }

  function play(productId: string, body: Try): Promise<TriedRequest> {
    return dataOf(
      api.POST('/api/v1/portal/{siteSlug}/products/{productId}/try-requests', {
        params: { path: { siteSlug: siteSlug.value, productId } },
        body,
      }),
    );
  }

  return async function send(options: {
    productId: string;
    /** Without one no key is sent. */
    subscriptionId: string | undefined;
    /** Name of the header that carries the key. */
    keyField: string;
    request: RequestToSend & { host?: string; scheme: 'http' | 'https' };
  }): Promise<TriedRequest> {
    const { productId, subscriptionId, keyField, request } = options;
    if (subscriptionId === undefined) return play(productId, { request });
    const { key, madeAt } = await keyFor(subscriptionId);
    const headers = [
      ...request.headers.filter(({ name }) => name.toLowerCase() !== keyField.toLowerCase()),
      { name: keyField, value: key },
    ];
    const body = { request: { ...request, headers }, subscriptionId };
    let tried = await play(productId, body);
    while (isTooEarly(tried) && Date.now() - madeAt < settleMs) {
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
      tried = await play(productId, body);
    }
    return tried;
  };
}

/** Refused by the gateway itself because it did not know the key: nothing has happened. */
function isTooEarly({ response, explanation }: TriedRequest): boolean {
  return response?.status === 401 && explanation.refusal?.status === 401 && explanation.subscriptionId === null;
}
