import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { useSettled } from '@tollgate/ui';
import { ListFilter } from '@lucide/vue';
import { computed, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { type Command, type CommandSection, matches } from './palette-command.ts';
import { type PaletteKind, paletteKinds } from './palette-kinds.ts';
import { useSession } from './session.ts';
import { useGroup } from './use-group.ts';

/** Most things of a kind that are shown: of those searched for, and before anything is typed. */
const mostFound = 5;
const mostFirst = 3;

/** Letters that follow each other faster, in milliseconds, are asked for in one go: every question is one to six lists. */
const restMs = 150;

/** The objects that a text finds, kind by kind, as the server knows them; without a text the first ones. */
export function usePaletteSearch(options: { isOpen: Readonly<Ref<boolean>>; wanted: Readonly<Ref<string>> }) {
  const { isOpen, wanted } = options;
  const { t } = useI18n();
  const router = useRouter();
  const { may } = useSession();
  const { groupId, group } = useGroup();
  const text = computed(() => wanted.value.trim());
  const settled = useSettled(wanted, restMs);

  function searchOf(kind: PaletteKind) {
    const isOffered = computed(
      () => router.hasRoute(kind.one) && may(kind.permission) && (!kind.inGroup || groupId.value !== undefined),
    );
    const isAsked = computed(() => isOpen.value && isOffered.value && (kind.isShownFirst || settled.value !== ''));
    const query = useQuery({
      // Whatever changes things of the kind makes this stale as well.
      queryKey: computed(() => [
        kind.list === 'products' ? 'api-products' : kind.list,
        ...(kind.inGroup ? [groupId.value] : []),
        'palette',
        settled.value,
      ]),
      queryFn: async ({ signal, queryKey }) => {
        const asked = String(queryKey.at(-1));
        const search = asked === '' ? undefined : asked;
        const limit = search === undefined ? mostFirst : mostFound;
        return { asked, ...(await kind.read({ groupId: groupId.value ?? '', search, limit, signal })) };
      },
      enabled: isAsked,
      // Who waits for an answer types on or asks again; the pages are there meanwhile.
      retry: false,
      placeholderData: keepPreviousData,
    });

    const commands = computed((): Command[] => {
      const answer = query.data.value;
      if (!isAsked.value || answer === undefined || query.isError.value) return [];
      const things = answer.items.map(({ id, name }): Command => ({
        key: `${kind.one}-${id}`,
        label: name,
        hint: kind.inGroup ? group.value?.name : undefined,
        icon: kind.icon,
        run: () => void router.push({ name: kind.one, params: { ...inThisGroup(kind), [kind.idParam]: id } }),
      }));
      // Until the server has answered for what is typed now, of the answer before it only what fits surely.
      if (answer.asked !== text.value) return things.filter((thing) => matches(thing, text.value));
      return answer.hasMore && answer.asked !== '' ? [...things, moreOf(kind, answer.asked)] : things;
    });
    return { kind, query, isAsked, commands };
  }

  const inThisGroup = ({ inGroup }: PaletteKind): { groupId?: string } =>
    inGroup && groupId.value !== undefined ? { groupId: groupId.value } : {};

  function moreOf(kind: PaletteKind, search: string): Command {
    return {
      key: `more-${kind.list}`,
      label: t('palette.more', { list: t(`nav.${kind.list}`) }),
      icon: ListFilter,
      run: () =>
        void router.push({ name: kind.list, params: inThisGroup(kind), query: { [kind.searchParam]: search } }),
    };
  }

  const searches = paletteKinds.map(searchOf);
  const sections = computed(() =>
    searches.map(({ kind, commands }): CommandSection => ({
      key: kind.list,
      title: t(`nav.${kind.list}`),
      commands: commands.value,
    })),
  );
  const isSearching = computed(
    () =>
      settled.value !== text.value ||
      searches.some(
        ({ query, isAsked }) => isAsked.value && query.isFetching.value && query.data.value?.asked !== text.value,
      ),
  );
  const hasFailed = computed(() => searches.some(({ query, isAsked }) => isAsked.value && query.isError.value));

  function retry(): void {
    for (const { query, isAsked } of searches) if (isAsked.value && query.isError.value) void query.refetch();
  }
  return { sections, isSearching, hasFailed, retry };
}
