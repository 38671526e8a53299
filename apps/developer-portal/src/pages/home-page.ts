import { confirmMailScript, confirmMailScriptHash } from './confirm-mail-script.ts';
import { resetPasswordScript, resetPasswordScriptHash } from './reset-password-script.ts';

/**
 * The portal's first page until a browser has more to show: what this is and where to go on. The links of mails lead here too.
 * Self-contained; loads nothing.
 */
export const homePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tollgate developer portal</title>
<style>
:root { --paper: #fbfaf8; --ink: #1d2330; --quiet: #5b6474; --line: #e2dfd8; --accent: #0b6b58; --card: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161d; --ink: #e9ecf1; --quiet: #9aa4b5; --line: #2a313d; --accent: #5ad1b3; --card: #191f29; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; display: grid; place-items: center; padding: 2rem 1.25rem; }
main { width: 100%; max-width: 44rem; }
h1 { font-size: clamp(1.9rem, 5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.75rem; }
p { color: var(--quiet); margin: 0 0 2rem; max-width: 36rem; }
ol { list-style: none; counter-reset: step; margin: 0 0 2rem; padding: 0; display: grid; gap: 0.75rem; }
li { counter-increment: step; display: grid; grid-template-columns: 2rem 1fr; padding: 0.875rem 1.125rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
li::before { content: counter(step); color: var(--accent); font-weight: 600; }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: var(--accent); font-weight: 600; text-underline-offset: 0.2em; }
section { padding: 1.25rem; margin: 0 0 2rem; background: var(--card); border: 1px solid var(--accent); border-radius: 0.75rem; }
section[hidden] { display: none; }
h2 { font-size: 1.15rem; margin: 0 0 0.75rem; }
section p { margin: 0.75rem 0 0; }
label { display: grid; gap: 0.25rem; margin: 0 0 0.75rem; }
input { font: inherit; padding: 0.5rem; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 0.5rem; }
button { font: inherit; font-weight: 600; padding: 0.5rem 1rem; color: var(--paper); background: var(--accent); border: 0; border-radius: 0.5rem; cursor: pointer; }
button:disabled { opacity: 0.5; cursor: default; }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 0.25rem; }
</style>
</head>
<body>
<main>
<section id="confirm" hidden>
<h2>Confirm your mail address</h2>
<button type="button">Confirm</button>
<p role="status"></p>
</section>
<section id="reset" hidden>
<h2>Set a new password</h2>
<label>New password, at least 12 characters <input type="password" autocomplete="new-password" minlength="12" maxlength="200" required></label>
<button type="button">Set password</button>
<p role="status"></p>
</section>
<h1>Developer portal</h1>
<p>Here you find the APIs that organisations offer, subscribe to a plan and get a key. Every organisation has a site of its own; its name is part of each address below.</p>
<ol>
<li><span>Look around: <code>GET /api/v1/portal/{site}/products</code></span></li>
<li><span>Sign up and log in: <code>POST /api/v1/portal/{site}/sign-up</code>, <code>…/log-in</code>; without the password, <code>…/request-password-reset</code></span></li>
<li><span>Create an application and subscribe it: <code>POST …/applications</code>, <code>…/subscriptions</code></span></li>
<li><span>Get a key: <code>POST …/subscriptions/{id}/credentials</code></span></li>
</ol>
<p><a href="/api/openapi.json">API reference (OpenAPI 3.1)</a></p>
</main>
<script>${confirmMailScript}</script>
<script>${resetPasswordScript}</script>
</body>
</html>
`;

/** Headers of every page: nothing is loaded from elsewhere, nothing may frame it. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; script-src '${confirmMailScriptHash}' '${resetPasswordScriptHash}'; connect-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
