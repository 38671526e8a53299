import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const tinted = (role: string, share: number): string => `color-mix(in oklab, var(--${role}) ${share}%, transparent)`;

/** Colours of a diff by role, so that it follows the theme of the page without being made anew. */
export const diffTheme: Extension = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  // Around numbers and lines alike: what the content has for itself is measured, and late where the diff opens in motion.
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55', paddingBlock: '0.5rem' },
  '.cm-content': { padding: '0' },
  '.cm-line': { padding: '0 0.75rem 0 0.5rem' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-faint)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { paddingLeft: '0.75rem' },
  '.cm-content ::selection': { backgroundColor: tinted('accent', 25) },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: tinted('danger', 9) },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: tinted('success', 10) },
  '&.cm-merge-a .cm-changedText, & .cm-deletedChunk .cm-deletedText': {
    background: tinted('danger', 24),
    borderRadius: '2px',
  },
  '&.cm-merge-b .cm-changedText': { background: tinted('success', 26), borderRadius: '2px' },
  '.cm-deletedChunk': { paddingLeft: '0.5rem' },
  '&.cm-merge-a .cm-changedLineGutter, & .cm-deletedLineGutter': { background: 'var(--danger)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--success)' },
  '.cm-collapsedLines': {
    color: 'var(--ink-muted)',
    background: 'var(--surface)',
    borderBlock: '1px solid var(--line)',
    fontFamily: 'var(--font-sans)',
    padding: '0.25rem 0.75rem',
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: 'none' },
  '.cm-collapsedLines:hover': { color: 'var(--ink)' },
  '.cm-mergeSpacer': { backgroundColor: tinted('line', 40) },
});
