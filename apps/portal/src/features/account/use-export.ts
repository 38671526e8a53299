import { useMutation } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { useSiteSlug } from '../../app/site.ts';

/** Everything that is stored about whoever is logged in, as a file for the browser to keep. */
export function useExport() {
  const siteSlug = useSiteSlug();

  async function collect(): Promise<object> {
    const params = { path: { siteSlug: siteSlug.value }, query: { limit: 200 } };
    const [own, applications, subscriptions] = await Promise.all([
      dataOf(api.GET('/api/v1/portal/{siteSlug}/me/export', { params: { path: params.path } })),
      dataOf(api.GET('/api/v1/portal/{siteSlug}/applications', { params })),
      dataOf(api.GET('/api/v1/portal/{siteSlug}/subscriptions', { params })),
    ]);
    return { ...own, applications: applications.items, subscriptions: subscriptions.items };
  }

  return useMutation({
    mutationFn: async () => {
      const file = new Blob([JSON.stringify(await collect(), null, 2)], { type: 'application/json' });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = `${siteSlug.value}-account.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
}
