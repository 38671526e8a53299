import { describe, expect, it } from 'vitest';
import { errorsPage } from './errors-page.ts';

describe('the page of all errors', () => {
  it('explains every error under the anchor that problem documents name', () => {
    const html = errorsPage([{ code: 'a.b_c', status: 409, title: 'Taken', operator: 'Choose <another>' }]);
    expect(html).toContain('<section id="a-b_c">');
    expect(html).toContain('Choose &lt;another&gt;');
  });

  it('loads nothing from elsewhere', () => {
    const html = errorsPage([{ code: 'a.b', status: 409, title: '<script src=//x>', operator: '' }]);
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
  });
});
