import type { components } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';

export type PortalSite = components['schemas']['PortalSite'];

export const accentColors = ['teal', 'blue', 'violet', 'rose', 'amber', 'green', 'slate'] as const;
export const logoTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export const maxLogoBytes = 100 * 1024;

export const readSite = (siteId: string): Promise<PortalSite> =>
  dataOf(api.GET('/api/v1/portal-sites/{siteId}', { params: { path: { siteId } } }));

/** A file as an address that a page may show: `data:` and all of it in base64. */
export function dataAddressOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'));
    reader.readAsDataURL(file);
  });
}
