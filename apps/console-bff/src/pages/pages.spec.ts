import { describe, expect, it } from 'vitest';
import { errorsPage } from './errors-page.ts';
import { homePage } from './home-page.ts';

describe('the pages of the edge', () => {
  it('explain every error under the anchor that problem documents name', () => {
    const html = errorsPage([{ code: 'a.b_c', status: 409, title: 'Taken', operator: 'Choose <another>' }]);
    expect(html).toContain('<section id="a-b_c">');
    expect(html).toContain('Choose &lt;another&gt;');
  });

  it('load nothing from elsewhere', () => {
    const html = homePage({ portalUrl: 'http://portal.example/"><script>' });
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
    expect(html).toContain('http://portal.example/&quot;&gt;&lt;script&gt;');
  });
});
