import type { TollgateClient } from '@tollgate/client';
import { dataOf } from '../../journey/world.ts';

/** Routes of one service. */
const perService = 200;
/** Words that names are made of, so that searches find few or many. */
const things = ['order', 'parcel', 'invoice', 'customer', 'basket', 'voucher', 'address', 'refund', 'stock', 'price'];

/** A group with so many routes, made by importing one OpenAPI document after the other. */
export async function addRoutes(
  client: TollgateClient,
  { environmentId, routes }: { environmentId: string; routes: number },
): Promise<string> {
  const group = await dataOf(
    client.POST('/api/v1/gateway-groups', {
      params: { header: { 'idempotency-key': crypto.randomUUID() } },
      body: { environmentId, name: 'ten-thousand', pool: 'self-hosted' },
    }),
  );
  for (let first = 0; first < routes; first += perService) {
    const document = JSON.stringify(documentOf(first, Math.min(perService, routes - first)));
    const { added } = await dataOf(
      client.POST('/api/v1/gateway-groups/{groupId}/imports', {
        params: { path: { groupId: group.id } },
        body: { document, upstreamUrl: 'http://127.0.0.1:9' },
      }),
    );
    if (added < perService && added < routes - first) throw new Error(`an import made ${added} resources only`);
  }
  return group.id;
}

function documentOf(first: number, count: number): object {
  const paths = Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const number = first + index;
      const thing = things[number % things.length] ?? '';
      const operation = {
        operationId: `${thing}${String(number).padStart(5, '0')}`,
        responses: { 200: { description: '' } },
      };
      return [`/v1/${thing}s/${number}/{id}`, number % 3 === 0 ? { post: operation } : { get: operation }];
    }),
  );
  return { openapi: '3.1.0', info: { title: `Shop ${first / perService}`, version: '1' }, paths };
}
