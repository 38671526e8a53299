import type { BrowserContextOptions } from 'playwright-core';

/** How somebody may look at a page. */
export interface Variant {
  readonly name: string;
  readonly language: 'en' | 'zh-CN';
  readonly theme: 'light' | 'dark';
  readonly width: number;
}

const widths = { desktop: 1440, phone: 390 };

/** All eight combinations of width, theme and language. */
export const variants: readonly Variant[] = (['desktop', 'phone'] as const).flatMap((device) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en', 'zh-CN'] as const).map((language) => ({
      name: `${device}-${theme}-${language === 'en' ? 'en' : 'zh'}`,
      language,
      theme,
      width: widths[device],
    })),
  ),
);

/** One of them by its name. @throws Error for a name that there is not. */
export function variantOf(name: string): Variant {
  const found = variants.find((variant) => variant.name === name);
  if (found === undefined)
    throw new Error(`no variant ${name}; there are ${variants.map((one) => one.name).join(', ')}`);
  return found;
}

/** A browser set up like that, as its maker delivers it: nothing chosen in the page yet. */
export function contextOf({ language, theme, width }: Variant): BrowserContextOptions {
  const isPhone = width < 600;
  return {
    viewport: { width, height: isPhone ? 844 : 900 },
    locale: language === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'Europe/Berlin',
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: isPhone,
    isMobile: isPhone,
    deviceScaleFactor: 1,
    permissions: ['clipboard-read', 'clipboard-write'],
  };
}
