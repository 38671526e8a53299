import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSite } from '../../app/site.ts';

/** The way from signing up to building something, as this site wants it. */
export function useEntranceSteps() {
  const { t } = useI18n();
  const { data: site } = useSite();
  const needsApproval = computed(() => site.value?.signUpApproval === 'manual');
  const step = (key: string) => ({ title: t(`entrance.steps.${key}.title`), text: t(`entrance.steps.${key}.text`) });
  return {
    needsApproval,
    steps: computed(() => [step('mail'), ...(needsApproval.value ? [step('approval')] : []), step('build')]),
  };
}
