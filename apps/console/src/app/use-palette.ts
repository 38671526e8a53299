import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, useLanguage, useTheme } from '@tollgate/ui';
import { Contact, Languages, Moon, Package, Route, ServerCog, Shapes, Sun } from '@lucide/vue';
import { type Component, computed, type Ref, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { type RouteLocationRaw, useRouter } from 'vue-router';
import { sections } from './navigation.ts';
import { useSession } from './session.ts';
import { useGroup, useGroups } from './use-group.ts';

/** Something that the palette finds. */
export interface Command {
  readonly key: string;
  readonly section: 'pages' | 'groups' | 'things' | 'actions';
  readonly label: string;
  readonly hint?: string;
  readonly icon: Component;
  readonly run: () => void;
}

/** Whether the palette is open; one per app. */
export const isPaletteOpen = ref(false);

/** Of each kind of thing only so many are looked through at once. */
const mostOfAKind = 200;

/** Everything that can be gone to or done from anywhere. Lists are read when the palette opens, not before. */
export function usePalette(isOpen: Ref<boolean>) {
  const { t } = useI18n();
  const router = useRouter();
  const { may } = useSession();
  const { groupId, group } = useGroup();
  const { data: groups } = useGroups();
  const { theme, setTheme } = useTheme();
  const { language, setLanguage } = useLanguage();

  const isInGroup = computed(() => isOpen.value && groupId.value !== undefined && may('config.read'));
  const inGroup = computed(() => ({ path: { groupId: groupId.value ?? '' }, query: { limit: mostOfAKind } }));
  const routes = useQuery({
    queryKey: computed(() => ['routes', groupId.value, 'palette']),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups/{groupId}/routes', { params: inGroup.value, signal })),
    enabled: isInGroup,
  });
  const services = useQuery({
    queryKey: computed(() => ['services', groupId.value, 'palette']),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups/{groupId}/services', { params: inGroup.value, signal })),
    enabled: isInGroup,
  });
  const consumers = useQuery({
    queryKey: computed(() => ['consumers', groupId.value, 'palette']),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups/{groupId}/consumers', { params: inGroup.value, signal })),
    enabled: isInGroup,
  });
  const products = useQuery({
    queryKey: ['api-products', 'palette'],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/api-products', { params: { query: { limit: mostOfAKind } }, signal })),
    enabled: computed(() => isOpen.value && may('portal.read')),
  });

  function goTo(to: RouteLocationRaw): () => void {
    return () => void router.push(to);
  }

  const pages = computed(() =>
    sections.flatMap(({ key, places }) =>
      places
        .filter(({ route, permission, inGroup: needsGroup }) => {
          return router.hasRoute(route) && may(permission) && (!needsGroup || groupId.value !== undefined);
        })
        .map((place): Command => ({
          key: `page-${place.route}`,
          section: 'pages',
          label: t(`nav.${place.route}`),
          hint: key === 'start' ? undefined : t(`nav.sections.${key}`),
          icon: place.icon,
          run: goTo({ name: place.route, params: place.inGroup ? { groupId: groupId.value } : {} }),
        })),
    ),
  );

  const things = computed(() => [
    ...named('route', Route, routes.data.value?.items ?? []),
    ...named('service', Shapes, services.data.value?.items ?? []),
    ...named('consumer', Contact, consumers.data.value?.items ?? []),
    ...(products.data.value?.items ?? [])
      .filter(() => router.hasRoute('product'))
      .map(({ id, name }): Command => ({
        key: id,
        section: 'things',
        label: name,
        hint: t('palette.product'),
        icon: Package,
        run: goTo({ name: 'product', params: { productId: id } }),
      })),
  ]);

  function named(
    kind: 'route' | 'service' | 'consumer',
    icon: Component,
    items: readonly { id: string; value: { name?: string | undefined } }[],
  ): Command[] {
    if (!router.hasRoute(kind)) return [];
    return items.map(({ id, value }) => ({
      key: `${kind}-${id}`,
      section: 'things',
      label: value.name ?? id,
      hint: t(`palette.${kind}`, { group: group.value?.name ?? '' }),
      icon,
      run: goTo({ name: kind, params: { groupId: groupId.value, resourceId: id } }),
    }));
  }

  const commands = computed<Command[]>(() => [
    ...pages.value,
    ...(groups.value ?? []).map(({ id, name }): Command => ({
      key: id,
      section: 'groups',
      label: name,
      icon: ServerCog,
      run: goTo({ name: 'gateway-group', params: { groupId: id } }),
    })),
    ...things.value,
    {
      key: 'theme',
      section: 'actions',
      label: t(theme.value === 'dark' ? 'palette.toLight' : 'palette.toDark'),
      icon: theme.value === 'dark' ? Sun : Moon,
      run: () => setTheme(theme.value === 'dark' ? 'light' : 'dark'),
    },
    {
      key: 'language',
      section: 'actions',
      // In the language that it leads to, so that whoever cannot read this one finds it.
      label: language.value === 'en' ? '切换到简体中文' : 'Switch to English',
      icon: Languages,
      run: () => void setLanguage(language.value === 'en' ? 'zh-CN' : 'en'),
    },
  ]);

  return { commands };
}
