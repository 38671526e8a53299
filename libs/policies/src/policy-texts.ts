/** One text in another language. */
export interface TranslatedText {
  /** The English that it says; a test fails when that has changed since. */
  readonly of: string;
  readonly is: string;
}

/** How an option is called in another language, and what it means where English says that too. */
export interface OptionTexts extends Partial<TranslatedText> {
  /** Label in forms. English has none: there labels are made of the option’s name. */
  readonly title: string;
}

/**
 * Everything that people read of a policy, in another language. Options are named by the way to them: `range_id.length` is a member,
 * `allowed_by_methods[].user` a member of each entry of a list.
 */
export interface PolicyTexts {
  readonly title: TranslatedText;
  readonly description: TranslatedText;
  readonly options: Readonly<Record<string, OptionTexts>>;
  /** Of what consumers carry; only for policies that identify them. */
  readonly credential?: Readonly<Record<string, OptionTexts>>;
}
