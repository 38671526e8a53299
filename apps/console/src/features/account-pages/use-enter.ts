import { useQueryClient } from '@tanstack/vue-query';
import { useRouter } from 'vue-router';
import { useSession } from '../../app/session.ts';

/** Goes to the overview as whoever the session belongs to now; nothing that was read as somebody else stays. */
export function useEnter(): () => Promise<void> {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { load } = useSession();
  return async () => {
    queryClient.clear();
    await load();
    await router.push({ name: 'overview' });
  };
}
