import { json } from '@codemirror/lang-json';
import { markdown } from '@codemirror/lang-markdown';
import { yaml } from '@codemirror/lang-yaml';
import type { Extension } from '@codemirror/state';

/** What an editor knows to colour and to fold. */
export type EditorLanguage = 'json' | 'yaml' | 'markdown' | 'text';

/** Colouring, folding and indentation of a language. */
export function editorLanguage(language: EditorLanguage): Extension {
  switch (language) {
    case 'json':
      return json();
    case 'yaml':
      return yaml();
    case 'markdown':
      return markdown();
    case 'text':
      return [];
  }
}
