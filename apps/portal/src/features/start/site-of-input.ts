/** The site that somebody means who typed its name or pasted an address of one of its pages; undefined when it can be none. */
export function siteOfInput(typed: string): string | undefined {
  const path = typed
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/[^/]*\/?/u, '');
  const [first = ''] = path.split(/[/?#]/u).filter(Boolean);
  return /^[a-z0-9][a-z0-9-]{1,39}$/u.test(first) ? first : undefined;
}
