import type { Extension } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';

/**
 * Has an editor measure its lines again whenever its text changes its height. By itself it does so when it is written or scrolled in, and not when
 * its style or a font comes after it: then line numbers stand beside other lines than their own.
 */
export const keepMeasured: Extension = ViewPlugin.define((view) => {
  const observer = new ResizeObserver(() => view.requestMeasure());
  observer.observe(view.contentDOM, { box: 'border-box' });
  return { destroy: () => observer.disconnect() };
});
