import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

const isOutside = (address: string): boolean => /^https?:/i.test(address);

markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  const token = tokens[index];
  const address = String(token?.attrGet('href') ?? '');
  if (isOutside(address)) {
    token?.attrSet('rel', 'noopener noreferrer nofollow');
    token?.attrSet('target', '_blank');
  }
  return self.renderToken(tokens, index, options);
};

/** Long lines are scrolled, also with keys. */
markdown.renderer.rules.fence = codeBlock;
markdown.renderer.rules.code_block = codeBlock;

function codeBlock(tokens: readonly { readonly content: string }[], index: number): string {
  return `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;
}

/** Pages load nothing from elsewhere: an image of another site becomes a link to it. */
markdown.renderer.rules.image = (tokens, index) => {
  const token = tokens[index];
  const address = markdown.utils.escapeHtml(String(token?.attrGet('src') ?? ''));
  const text = markdown.utils.escapeHtml(token?.content ?? '') || address;
  return isOutside(address) || address.startsWith('//')
    ? `<a href="${address}" rel="noopener noreferrer nofollow" target="_blank">${text}</a>`
    : `<img src="${address}" alt="${text}" loading="lazy">`;
};

/** Markdown of an author as HTML that may stand in a page: no HTML of theirs, no script addresses, nothing from outside. */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
