/** Colours and type of the pages that the edge serves itself. Self-contained; nothing is loaded. */
const style = `
:root { --paper: #fbfaf8; --ink: #1d2330; --quiet: #5b6474; --line: #e2dfd8; --accent: #0b6b58; --card: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161d; --ink: #e9ecf1; --quiet: #9aa4b5; --line: #2a313d; --accent: #5ad1b3; --card: #191f29; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; display: grid; place-items: center; padding: 2rem 1.25rem; }
main { width: 100%; max-width: 44rem; }
h1 { font-size: clamp(1.9rem, 5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.75rem; }
p { color: var(--quiet); margin: 0 0 2rem; max-width: 36rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
a { display: block; height: 100%; padding: 1rem 1.125rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; color: inherit; text-decoration: none; transition: border-color 0.15s; }
a:hover, a:focus-visible { border-color: var(--accent); outline: none; }
strong { display: block; color: var(--accent); }
span { color: var(--quiet); font-size: 0.9rem; }
section { padding: 1rem 0; border-top: 1px solid var(--line); }
section:target { border-color: var(--accent); }
h2 { font-size: 1rem; margin: 0 0 0.25rem; }
section p { margin: 0; max-width: none; }
code { font: 0.9em ui-monospace, monospace; }
`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** A whole page. `title` is text, `main` is HTML. */
export function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

/** Headers of every page: nothing is loaded from elsewhere, nothing may frame it. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
