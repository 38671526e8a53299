import type { Sentences } from '../language.ts';
import { accountSentences } from './accounts.ts';
import { configurationSentences } from './configuration.ts';
import { dataPlaneSentences } from './data-plane.ts';
import { fieldSentences } from './fields.ts';
import { importSentences } from './imports.ts';
import { portalSentences } from './portal.ts';
import { titles } from './titles.ts';
import { usageSentences } from './usage.ts';

/** 简体中文. */
export const chinese: Sentences = {
  ...titles,
  ...fieldSentences,
  ...accountSentences,
  ...configurationSentences,
  ...importSentences,
  ...portalSentences,
  ...dataPlaneSentences,
  ...usageSentences,
};
