import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * What is typed over a selection goes to the editor and not to the browser: Chromium, when it joins what remains, writes inline styles into
 * the lines, which the page's content policy refuses and reports.
 */
export const replaceSelection: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main, ranges } = view.state.selection;
    const { data } = event;
    if (event.inputType !== 'insertText' || data === null || ranges.length > 1 || main.empty || view.composing)
      return false;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' });
    const isTaken = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, main.from, main.to, data, insert));
    if (!isTaken && !view.state.readOnly) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
