/** Languages that the server speaks to people; the first is spoken to those who name none of them. */
export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** The language in which the sources say everything, and in which what lacks a translation is said. */
export const sourceLanguage = 'en' satisfies Language;

/** Languages that the sources are translated into. */
export type Translation = Exclude<Language, typeof sourceLanguage>;

/** By the English sentence, with `{name}` where a value stands, the sentence of another language with the same values. */
export type Sentences = Readonly<Record<string, string>>;
