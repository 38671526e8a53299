const longest = 40;

/** A slug that says the name, or an empty text where the name has no Latin letters. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
    .replace(/-+$/, '');
}

/** Whether the server takes it as a slug. */
export function isSlug(text: string): boolean {
  return text.length >= 2 && text.length <= longest && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}
