/** A column: its slot is named by `key`, else the value of that key is shown. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly align?: 'left' | 'right';
  /** Left out on phones, where the first column carries the row. */
  readonly secondary?: boolean;
  /** Its header is for readers only. */
  readonly quiet?: boolean;
  /** What a list is sorted by when its header is chosen, as the API names it. */
  readonly sort?: string;
}
