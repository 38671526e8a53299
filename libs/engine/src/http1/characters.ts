/** Classes of bytes (RFC 9110, 5.6.2 and 5.5; RFC 9112, 3.2): 1 where the byte belongs to the class. */
export const isToken = table((code) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)));
/** What may stand in a field value: everything but control characters; a tab may. */
export const isFieldValue = table((code) => code === 9 || (code >= 0x20 && code !== 0x7f));
/** What may stand in a request target: visible ASCII; a fragment never does. */
export const isTarget = table((code) => code > 0x20 && code < 0x7f && code !== 0x23);
/** Method names as they are registered and as servers agree on them. */
export const isMethod = table((code) => /[A-Z\-_]/.test(String.fromCharCode(code)));

/** The value of a hexadecimal digit, −1 for other bytes. */
export const hexValue = Int8Array.from({ length: 256 }, (_, code) => {
  const value = parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? -1 : value;
});

export const cr = 13;
export const lf = 10;
export const space = 32;
export const tab = 9;
export const colon = 58;
export const semicolon = 59;
export const slash = 47;

function table(belongs: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (code < 256 && belongs(code) ? 1 : 0));
}
