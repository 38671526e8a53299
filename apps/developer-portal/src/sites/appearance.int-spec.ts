import type { Problem } from '@tollgate/contracts/errors';
import type { PortalSite, PublicSite } from '@tollgate/contracts/rest/portal';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { samplePng } from '../testing/sample-png.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 2 });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const change = (site: PortalSite, method: string, { path = '', body }: { path?: string; body?: unknown }) =>
  tenant.admin<PortalSite & Problem>(`/api/v1/portal-sites/${site.id}${path}`, {
    method,
    headers: { 'if-match': `"${site.version}"` },
    ...(body === undefined ? {} : { body }),
  });
const setLogo = (site: PortalSite, image: string) => change(site, 'PUT', { path: '/logo', body: { image } });
const publicSite = async () => (await tenant.visit<PublicSite>('')).body;

describe('the appearance of a site', () => {
  it('is chosen by admins and shown to visitors', async () => {
    expect(await publicSite()).toMatchObject({ description: '', accentColor: 'teal', logo: null });
    const appearance = { description: '书店 for programs', accentColor: 'violet' } as const;
    expect((await change(await tenant.site(), 'PATCH', { body: appearance })).body).toMatchObject(appearance);
    expect(await publicSite()).toMatchObject(appearance);
    const renamed = await change(await tenant.site(), 'PATCH', { body: { name: 'Shop' } });
    expect(renamed.body).toMatchObject({ name: 'Shop', ...appearance });
  });

  it('comes with the address under which developers reach the site, which follows its slug', async () => {
    const site = await tenant.site();
    expect(new URL(site.url).pathname).toBe(`/${site.slug}`);
    const moved = await change(site, 'PATCH', { body: { slug: `${site.slug}-moved` } });
    expect(moved.body.url).toBe(`${site.url}-moved`);
    expect((await change(moved.body, 'PATCH', { body: { slug: site.slug } })).body.url).toBe(site.url);
  });

  it.each([{ accentColor: '#ff0000' }, { description: 'a'.repeat(501) }, { logo: null }])(
    'refuses %j',
    async (body) => {
      expect((await change(await tenant.site(), 'PATCH', { body })).status).toBe(400);
    },
  );
});

describe('the logo of a site', () => {
  it('is served from an address of its own for ever, as nothing but an image', async () => {
    const set = await setLogo(await tenant.site(), samplePng);
    expect(set).toMatchObject({ status: 200, body: { logo: { contentType: 'image/png' } } });
    const { logo } = await publicSite();
    expect(logo).toEqual(set.body.logo);
    const image = await fetch(portal.publicUrl + (logo?.url ?? ''));
    expect(Buffer.from(await image.arrayBuffer()).toString('base64')).toBe(samplePng);
    const headers = ['content-type', 'cache-control', 'x-content-type-options'].map((name) => image.headers.get(name));
    expect(headers).toEqual(['image/png', 'public, max-age=31536000, immutable', 'nosniff']);
  });

  it('has another address when it is another, and none when it is removed', async () => {
    const { body: first } = await setLogo(await tenant.site(), samplePng);
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100 * 1024 - 4)]).toString(
      'base64',
    );
    const { body: second } = await setLogo(first, jpeg);
    expect(second.logo?.url).not.toBe(first.logo?.url);
    expect((await fetch(portal.publicUrl + (first.logo?.url ?? ''))).status).toBe(404);
    expect((await change(second, 'DELETE', { path: '/logo' })).status).toBe(204);
    expect((await fetch(portal.publicUrl + (second.logo?.url ?? ''))).status).toBe(404);
    expect((await change(await tenant.site(), 'DELETE', { path: '/logo' })).status).toBe(404);
    expect((await publicSite()).logo).toBeNull();
  });

  it('is not found at the site of another tenant', async () => {
    const { body } = await setLogo(await tenant.site(), samplePng);
    const other = await PortalTenant.create(portal);
    const path = body.logo?.url.replace(tenant.slug, other.slug) ?? '';
    expect((await fetch(portal.publicUrl + path)).status).toBe(404);
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')],
    ['more than 100 kB', Buffer.concat([Buffer.from(samplePng, 'base64'), Buffer.alloc(102_400)]).toString('base64')],
    ['what is no base64', '%%%'],
  ])('is refused when it is %s', async (_what, image) => {
    expect((await setLogo(await tenant.site(), image)).status).toBe(400);
  });
});
