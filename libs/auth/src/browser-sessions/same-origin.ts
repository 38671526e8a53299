import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import type { FastifyRequest } from 'fastify';

/** Sent by our own pages with whatever is no plain read. No form can send it; from another origin it needs a preflight, which nobody grants. */
export const browserHeader = 'x-tollgate-browser';

/** Whether one of our own pages says it made the request. */
export const isFromPage = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean => headers[browserHeader] === '1';

function originOf(header: string): URL | undefined {
  return URL.canParse(header) ? new URL(header) : undefined;
}

function isOwnOrigin({ headers, host }: FastifyRequest, publicUrl: URL): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  const given = originOf(origin);
  if (given === undefined) return false;
  return given.origin === publicUrl.origin || (given.host === host && given.protocol === publicUrl.protocol);
}

/**
 * Refuses what a page of another origin may have had a browser send. A client that is no browser sends neither `Origin` nor
 * `Sec-Fetch-Site`; it has to name itself a page all the same.
 * @param publicUrl the address people type; the address that the request came to counts as well.
 * @throws ApiError `auth.cross_site_refused`
 */
export function refuseCrossSite(request: FastifyRequest, publicUrl: URL): void {
  const site = request.headers['sec-fetch-site'];
  if (isFromPage(request) && (site === undefined || site === 'same-origin') && isOwnOrigin(request, publicUrl)) return;
  throw new ApiError(commonErrors.crossSiteRefused);
}
