import { TollgateError } from '@tollgate/client';
import { useI18n } from 'vue-i18n';

/** What went wrong as a sentence in the reader’s language, and what only support needs. */
export interface Explained {
  readonly sentence: string;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * Turns whatever was thrown into a sentence: the language’s own for known codes, followed by what the service says of this case, else all
 * that the service said. It is asked to speak the reader’s language.
 */
export function useProblem(): (error: unknown) => Explained {
  const texts = useI18n();
  const withDetail = (sentence: string, detail: string | undefined): string =>
    detail === undefined ? sentence : texts.t('ui.problem.withDetail', { sentence, detail });
  return (error) => {
    if (!(error instanceof TollgateError)) {
      const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
      return {
        sentence: texts.t(isTimeout ? 'ui.problem.slow' : 'ui.problem.offline'),
        code: undefined,
        requestId: undefined,
      };
    }
    if (error.status === 429 && error.retryAfterSeconds !== undefined) {
      const minutes = Math.ceil(error.retryAfterSeconds / 60);
      const sentence =
        error.retryAfterSeconds < 90
          ? texts.t('ui.problem.waitSeconds', { n: error.retryAfterSeconds }, error.retryAfterSeconds)
          : texts.t('ui.problem.waitMinutes', { n: minutes }, minutes);
      return { sentence, code: error.code, requestId: error.requestId };
    }
    const code = error.code.replaceAll('.', '_');
    // An app's own sentence goes before the one that every app has.
    const key = [`problems.${code}`, `ui.problems.${code}`, `ui.problem.${error.status}`].find((name) =>
      texts.te(name),
    );
    const sentence = key === undefined ? error.summary : withDetail(texts.t(key), error.detail);
    return { sentence, code: error.code, requestId: error.requestId };
  };
}
