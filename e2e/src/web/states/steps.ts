import type { Seat } from './seat.ts';

/** What leads to a state that several pages have. */
type Steps = (at: Seat) => Promise<void>;

/** Types into a search what finds nothing, and sees that said. */
export function seeksInVain(search: string, said: string): Steps {
  return async (at) => {
    await at.seekInVain(search);
    await at.sees(said);
  };
}

/** Presses a button of the page, and sees what is said to that. */
export function presses(button: string, said: string): Steps {
  return async (at) => {
    await at.press(button);
    await at.sees(said);
  };
}

/** Opens a dialog and presses its button with nothing filled in, which it refuses. */
export function isRefusedIn(dialog: string, { press, said }: { press: string; said: string }): Steps {
  return async (at) => {
    await at.open(dialog);
    await at.dialog.press(press);
    await at.dialog.sees(said);
  };
}
