import { describe, expect, it } from 'vitest';
import { isOwnUrl, isSafeLink, WINDOW_URL } from './addresses.ts';

describe('which addresses are whose', () => {
  it.each([WINDOW_URL, 'app://millrace', 'app://millrace/assets/x.js'])('%s is the window’s own', (url) => expect(isOwnUrl(url)).toBe(true));
  it.each(['app://millrace.evil/x', 'app://other/', 'https://millrace/', 'file:///app://millrace/', ''])('%s is not', (url) => expect(isOwnUrl(url)).toBe(false));

  it('hands only plain links of the web to the browser', () => {
    expect(isSafeLink('https://example.org/docs?a=1#b')).toBe(true);
    const refused = ['http://example.org', 'file:///etc/passwd', 'javascript:alert(1)', 'https://bank.example@evil.example/', 'smb://host/share', 'not a link', ''];
    expect(refused.filter(isSafeLink)).toEqual([]);
  });
});
