import { escapeHtml, page } from './page.ts';

/** The console's first page until a browser has more to show: what runs here and where to go on. */
export function homePage(links: { portalUrl: string }): string {
  return page(
    'Tollgate',
    `<h1>Tollgate is running.</h1>
<p>Describe APIs, policies and products; let developers subscribe; have gateways enforce and count every call. Everything is in the public API below and in the <code>tollgate</code> command.</p>
<ul>
<li><a href="/api/openapi.json"><strong>API reference</strong><span>OpenAPI 3.1 of the whole platform</span></a></li>
<li><a href="${escapeHtml(links.portalUrl)}"><strong>Developer portal</strong><span>Where developers sign up and subscribe</span></a></li>
<li><a href="/readyz"><strong>Readiness</strong><span>Whether this edge can serve</span></a></li>
</ul>`,
  );
}
