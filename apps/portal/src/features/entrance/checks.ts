import { useI18n } from 'vue-i18n';

/** Fewest characters of a password, as the API asks for. */
const shortestPassword = 12;

/** Refusals of what people enter about themselves, known before the server is asked. */
export function useChecks() {
  const { t } = useI18n();
  return {
    email: (email: string) => (/^\S+@\S+$/u.test(email.trim()) ? undefined : t('entrance.emailNeeded')),
    newPassword: (password: string) =>
      [...password].length < shortestPassword ? t('entrance.passwordTooShort', { count: shortestPassword }) : undefined,
  };
}
