import { consoleClient, dataOf, type World } from '../journey/world.ts';

/** Gives a tenant one of everything that the journey leaves out, so that every endpoint has an object to be asked for. */
export async function furnish(world: World, token: string): Promise<void> {
  const admin = consoleClient(world, token);
  const account = await dataOf(
    admin.POST('/api/v1/service-accounts', {
      body: { name: 'Pipeline', description: '', permissions: ['gateways.read'] },
    }),
  );
  await admin.POST('/api/v1/service-accounts/{serviceAccountId}/tokens', {
    params: { path: { serviceAccountId: account.id } },
    body: { name: 'Pipeline token', permissions: ['gateways.read'], expiresInDays: 1 },
  });
  await admin.POST('/api/v1/invitations', { body: { email: `guest-${world.cast.slug}@example.com`, role: 'viewer' } });
  const group = (await dataOf(admin.GET('/api/v1/gateway-groups'))).items[0];
  if (group === undefined) throw new Error('the tenant has no gateway group');
  const path = { groupId: group.id };
  await admin.POST('/api/v1/gateway-groups/{groupId}/workspaces', { params: { path }, body: { name: 'team-two' } });
  await admin.POST('/api/v1/gateway-groups/{groupId}/consumer-groups', {
    params: { path },
    body: { id: 'partners', value: { plugins: {} } },
  });
  await admin.POST('/api/v1/gateway-groups/{groupId}/consumers', {
    params: { path },
    body: { id: 'partner', value: { username: 'partner', plugins: {} } },
  });
  await admin.POST('/api/v1/gateway-groups/{groupId}/global-policies', {
    params: { path },
    body: { id: 'everywhere', value: { plugins: { 'request-id': {} } } },
  });
  await admin.POST('/api/v1/gateway-groups/{groupId}/stream-routes', {
    params: { path },
    body: { id: 'stream', value: { server_port: 9100, upstream: { scheme: 'tcp', nodes: { '127.0.0.1:9101': 1 } } } },
  });
  await documentProduct(admin);
}

async function documentProduct(admin: ReturnType<typeof consoleClient>): Promise<void> {
  const product = (await dataOf(admin.GET('/api/v1/api-products'))).items[0];
  if (product === undefined) throw new Error('the tenant has no product');
  const path = { productId: product.id };
  const openapi = {
    openapi: '3.1.0',
    info: { title: 'Documented', version: '1' },
    paths: { '/books': { get: { responses: { 200: { description: 'All books.' } } } } },
  };
  const { version } = await dataOf(
    admin.PUT('/api/v1/api-products/{productId}/reference', {
      params: { path, header: { 'if-match': `"${product.version}"` } },
      body: { document: JSON.stringify(openapi) },
    }),
  );
  await admin.PUT('/api/v1/api-products/{productId}/guides', {
    params: { path, header: { 'if-match': `"${version}"` } },
    body: { guides: [{ slug: 'start', title: 'Start here', markdown: '# Hello' }] },
  });
}
