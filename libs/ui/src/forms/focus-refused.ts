import { nextTick } from 'vue';

/** The form that somebody just sent, by its button or from one of its fields. */
export function presentForm(): HTMLFormElement | null {
  const active = document.activeElement;
  const owner = active instanceof HTMLButtonElement ? active.form : null;
  return owner ?? active?.closest('form') ?? null;
}

/** Puts the cursor into the first field that was refused, so that nobody has to look for it, with its reason in sight. */
export async function focusRefused(form: HTMLFormElement | null): Promise<void> {
  await nextTick();
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  field?.focus();
  // What is in the window may still be covered by a bar, and the reason stands below the field.
  field?.scrollIntoView({ block: 'center' });
}
