import { useLanguage, useTheme } from '@tollgate/ui';
import { Languages, Moon, Sun } from '@lucide/vue';
import { computed, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { sections as places } from './navigation.ts';
import { type Command, type CommandSection, matches } from './palette-command.ts';
import { useSession } from './session.ts';
import { useGroup } from './use-group.ts';
import { usePaletteSearch } from './use-palette-search.ts';

/** Most pages that are shown at once. */
const mostPages = 8;

/** Everything that can be gone to or done from anywhere, as far as it fits what is `wanted`. Nothing is read before the palette opens. */
export function usePalette(options: { isOpen: Readonly<Ref<boolean>>; wanted: Readonly<Ref<string>> }) {
  const { t } = useI18n();
  const router = useRouter();
  const { may } = useSession();
  const { groupId } = useGroup();
  const { theme, setTheme } = useTheme();
  const { language, setLanguage } = useLanguage();
  const search = usePaletteSearch(options);

  const pages = computed(() =>
    places.flatMap(({ key, places: ofSection }) =>
      ofSection
        .filter(({ route, permission, inGroup }) => {
          return router.hasRoute(route) && may(permission) && (!inGroup || groupId.value !== undefined);
        })
        .map((place): Command => ({
          key: `page-${place.route}`,
          label: t(`nav.${place.route}`),
          hint: key === 'start' ? undefined : t(`nav.sections.${key}`),
          icon: place.icon,
          run: () => void router.push({ name: place.route, params: place.inGroup ? { groupId: groupId.value } : {} }),
        })),
    ),
  );

  const actions = computed((): Command[] => [
    {
      key: 'theme',
      label: t(theme.value === 'dark' ? 'palette.toLight' : 'palette.toDark'),
      icon: theme.value === 'dark' ? Sun : Moon,
      run: () => setTheme(theme.value === 'dark' ? 'light' : 'dark'),
    },
    {
      key: 'language',
      // In the language that it leads to, so that whoever cannot read this one finds it.
      label: language.value === 'en' ? '切换到简体中文' : 'Switch to English',
      icon: Languages,
      run: () => void setLanguage(language.value === 'en' ? 'zh-CN' : 'en'),
    },
  ]);

  const fitting = (commands: readonly Command[]): Command[] => {
    const text = options.wanted.value.trim();
    return text === '' ? [...commands] : commands.filter((command) => matches(command, text));
  };

  const sections = computed(() =>
    [
      { key: 'pages', title: t('palette.sections.pages'), commands: fitting(pages.value).slice(0, mostPages) },
      ...search.sections.value,
      { key: 'actions', title: t('palette.sections.actions'), commands: fitting(actions.value) },
    ].filter(({ commands }: CommandSection) => commands.length > 0),
  );

  return { ...search, sections };
}
