/** A body as people read it: JSON indented, other text as it is; undefined for what is no text. */
export function bodyText({
  body,
  truncated,
}: {
  readonly body: { readonly encoding: 'text' | 'base64'; readonly content: string };
  readonly truncated: boolean;
}): string | undefined {
  if (body.encoding === 'base64') return undefined;
  if (truncated) return body.content;
  try {
    return JSON.stringify(JSON.parse(body.content), null, 2);
  } catch {
    return body.content;
  }
}
