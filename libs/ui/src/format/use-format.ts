import { computed } from 'vue';
import { useLanguage } from '../i18n/index.ts';

const second = 1000;
const spans: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400 * second],
  ['hour', 3600 * second],
  ['minute', 60 * second],
  ['second', second],
];

/** Numbers, times and amounts as people of the present language write them. */
export function useFormat() {
  const { language } = useLanguage();
  const formats = computed(() => ({
    number: new Intl.NumberFormat(language.value),
    compact: new Intl.NumberFormat(language.value, { notation: 'compact', maximumFractionDigits: 1 }),
    percent: new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }),
    dateTime: new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }),
    date: new Intl.DateTimeFormat(language.value, { dateStyle: 'medium' }),
    relative: new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }),
  }));

  return {
    number: (value: number) => formats.value.number.format(value),
    /** 12.3K; for places where the exact number is near. */
    compact: (value: number) => (Math.abs(value) < 10_000 ? formats.value.number : formats.value.compact).format(value),
    /** So many of something a second: exact enough to read, 4.2 or 1,250 or 12.3K. */
    rate: (value: number) =>
      value < 10
        ? formats.value.compact.format(value)
        : (value < 10_000 ? formats.value.number : formats.value.compact).format(Math.round(value)),
    /** `share` of one: 0.042 becomes 4.2 %. */
    percent: (share: number) => formats.value.percent.format(share),
    dateTime: (iso: string) => formats.value.dateTime.format(new Date(iso)),
    /** In the reader's time zone, unless what is dated has one of its own. */
    date: (iso: string, timeZone?: string) =>
      (timeZone === undefined
        ? formats.value.date
        : new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone })
      ).format(new Date(iso)),
    /** “3 minutes ago”. */
    ago(iso: string, now = Date.now()): string {
      const difference = new Date(iso).getTime() - now;
      const [unit, length] = spans.find(([, span]) => Math.abs(difference) >= span) ?? (['second', second] as const);
      return formats.value.relative.format(Math.round(difference / length), unit);
    },
    /** `milliseconds` in the unit that reads best. */
    duration(milliseconds: number): string {
      const [value, unit] = milliseconds < 1000 ? [milliseconds, 'millisecond'] : [milliseconds / 1000, 'second'];
      return new Intl.NumberFormat(language.value, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: value < 10 ? 1 : 0,
      }).format(value);
    },
    bytes(bytes: number): string {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
      const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
      return new Intl.NumberFormat(language.value, {
        style: 'unit',
        unit: units[step] ?? 'byte',
        // Only the whole word has a plural: “183 bytes”, not “183 byte”.
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: 1,
      }).format(bytes / 1000 ** step);
    },
    /** `minor` in the smallest unit of `currency`. */
    money(minor: number, currency: string): string {
      const format = new Intl.NumberFormat(language.value, { style: 'currency', currency });
      return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    },
  };
}
