/** What a colour says; never the only sign of it. */
export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

/** Ground and text of something small in that tone. */
export const softTones: Readonly<Record<Tone, string>> = {
  neutral: 'bg-tint text-ink-muted',
  accent: 'bg-accent-soft text-accent',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
};
