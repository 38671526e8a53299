import { language } from '../i18n/index.ts';
import { spokenLanguage } from '../i18n/spoken-language.ts';
import type { EditorMark } from './editor-mark.ts';

/** The text of a mark as an element: English words are marked as such, so that they are read out right. */
export function markText({ message, detail }: Pick<EditorMark, 'message' | 'detail'>): HTMLElement {
  const text = document.createElement('span');
  for (const part of [message, detail]) {
    if (part === undefined) continue;
    const spoken = document.createElement('span');
    spoken.lang = spokenLanguage(part, language.value) ?? language.value;
    spoken.textContent = text.childNodes.length === 0 ? part : ` ${part}`;
    text.append(spoken);
  }
  return text;
}
