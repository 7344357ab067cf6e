import { expect } from 'vitest'

/** Every tag of the allow-list, and no attribute but those that say nothing dangerous. */
export function expectSafe(html: string): void {
  const tags = html.match(/<[^>]*>/g) ?? []
  for (const tag of tags) {
    expect(tag).toMatch(
      /^<\/?(?:p|br|strong|em|blockquote|cite|ul|ol|li|h[234]|a|figure|figcaption|table|thead|tbody|tr|t[dh]|code|pre|su[pb]|del|ins|abbr|time|q)(?: (?:(?:href|cite)="(?:https?:\/\/|mailto:)[^"]*"|(?:rel|lang|dir|title|start|colspan|rowspan|datetime)="[^"]*"))*>$/,
    )
  }
  expect(html.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/)
}
