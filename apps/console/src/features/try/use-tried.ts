import { useMutation } from '@tanstack/vue-query';
import type { components } from '@tollgate/client';
import { api, dataOf, type RequestDraft, requestToSend } from '@tollgate/ui';

/** What a try brought to light. */
export type TriedRequest = components['schemas']['TriedRequest'];
export type TryTrace = TriedRequest['trace'];
export type PolicyRun = TryTrace['policies'][number];

/** A try as it is put together. */
export interface TryOrder {
  readonly groupId: string;
  readonly draft: RequestDraft;
  readonly scheme: 'http' | 'https';
  readonly host: string | undefined;
  readonly dataPlaneId: string | undefined;
  readonly clientAddress: string | undefined;
}

/** Plays a request on a data plane of the group. */
export function useTried() {
  return useMutation({
    mutationFn: ({ groupId, draft, scheme, host, dataPlaneId, clientAddress }: TryOrder) =>
      dataOf(
        api.POST('/api/v1/gateway-groups/{groupId}/try-requests', {
          params: { path: { groupId } },
          body: {
            request: { ...requestToSend(draft), scheme, ...(host === undefined ? {} : { host }) },
            ...(dataPlaneId === undefined ? {} : { dataPlaneId }),
            ...(clientAddress === undefined ? {} : { clientAddress }),
          },
        }),
      ),
  });
}
