const encoder = new TextEncoder();

/** How long a text is as the server counts documents: in UTF-8 bytes, which are those of the file that it stands in. */
export function textBytes(text: string): number {
  return encoder.encode(text).length;
}
