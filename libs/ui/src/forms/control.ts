/** What every control takes from the field around it. */
export interface ControlProps {
  id?: string;
  invalid?: boolean;
  describedBy?: string;
  required?: boolean;
  disabled?: boolean;
}

/** One look of all controls that hold a value. On phones their text is 16 px: below that, iOS zooms into the field and stays there. */
export const controlClasses =
  'w-full min-w-0 rounded-lg border bg-surface px-3 text-ink max-sm:text-lg shadow-card transition-colors disabled:bg-sunken disabled:text-ink-faint disabled:cursor-not-allowed [&[readonly]]:bg-sunken ' +
  'focus-visible:outline-2 focus-visible:outline-offset-0';

/** Values that are read letter by letter: names of hosts, paths, keys. */
export const monoClasses = 'font-mono text-sm max-sm:text-lg';

/** The border says whether the value is accepted, also where the focus is. */
export function borderOf(invalid: boolean | undefined): string {
  return invalid
    ? 'border-danger focus-visible:outline-danger'
    : 'border-line-strong/60 hover:border-line-strong focus-visible:outline-accent';
}
