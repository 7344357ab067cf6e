import type { Attributes, Tag } from 'sanitize-html'

/**
 * Word, Outlook and Google Docs write what text means as styles: which tag says the same. Google Docs puts all of it into
 * `<b style="font-weight:normal">`, which is not bold.
 */
export const PASTED_TAGS = {
  b: (_name: string, attribs: Attributes): Tag => ({
    tagName: unlessNormal('strong', NORMAL_WEIGHT, attribs),
    attribs,
  }),
  strong: (_name: string, attribs: Attributes): Tag => ({
    tagName: unlessNormal('strong', NORMAL_WEIGHT, attribs),
    attribs,
  }),
  i: (_name: string, attribs: Attributes): Tag => ({ tagName: unlessNormal('em', NORMAL_STYLE, attribs), attribs }),
  em: (_name: string, attribs: Attributes): Tag => ({ tagName: unlessNormal('em', NORMAL_STYLE, attribs), attribs }),
  span: (name: string, attribs: Attributes): Tag => ({ tagName: meaningOf(styleOf(attribs)) ?? name, attribs }),
  p(name: string, attribs: Attributes): Tag {
    const level = LIST_LEVEL.exec(styleOf(attribs))?.[1]
    return { tagName: name, attribs: level === undefined ? attribs : { ...attribs, [LIST_ATTRIBUTE]: level } }
  },
}

/** On its way to a list (word-lists.ts), an item of Word's has its level in this attribute, and its bullet in this tag. */
export const LIST_ATTRIBUTE = 'list'
export const MARKER_TAG = 'marker'

const NORMAL_WEIGHT = /(?<![\w-])font-weight: ?(?:normal|[1-5]00)\b/
const BOLD = /(?<![\w-])font-weight: ?(?:bold|[6-9]00)\b/
const NORMAL_STYLE = /(?<![\w-])font-style: ?normal\b/
const ITALIC = /(?<![\w-])font-style: ?italic\b/
const LIST_LEVEL = /mso-list:[^;]{0,40}\blevel([1-9])\b/

function unlessNormal(tagName: string, isNormal: RegExp, attributes: Attributes): string {
  return isNormal.test(styleOf(attributes)) ? 'span' : tagName
}

function meaningOf(style: string): string | undefined {
  if (/mso-list: ?ignore/.test(style)) return MARKER_TAG
  if (BOLD.test(style)) return 'strong'
  if (ITALIC.test(style)) return 'em'
  if (/vertical-align: ?super\b/.test(style)) return 'sup'
  if (/vertical-align: ?sub\b/.test(style)) return 'sub'
  return /text-decoration: ?line-through\b/.test(style) ? 'del' : undefined
}

/** Styles that mean something are short; the white space in them means nothing. */
const MAX_STYLE_CHARS = 1_000

function styleOf(attributes: Attributes): string {
  return (attributes['style'] ?? '').slice(0, MAX_STYLE_CHARS).toLowerCase().replace(/\s+/g, ' ')
}
