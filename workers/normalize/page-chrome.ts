import { foldPhrase } from './folded-phrase.ts'
import { CHROME_LINES, COOKIE_NOTICES, COOKIE_WORDS, LEADS_ELSEWHERE, SHARE_ON } from './page-chrome-phrases.ts'

/** What buttons and labels say is short, a line that leads elsewhere has a title in it; a cookie notice may be a paragraph. */
const MAX_LABEL_CHARS = 60
const MAX_LEAD_CHARS = 200
const MAX_NOTICE_CHARS = 1_000
const MAX_BUTTON_WORDS = 6

/** Marks that separate parts of a page, or stand on its buttons. An exclamation mark or an emoji is somebody's word. */
const ONLY_MARKS = /^[\s/|\\•·●▪■◆»›«‹→←↑↓><*_=#+×✕✖⋮⋯☰▼▲►◄▶◀–—-]{1,40}$/

/**
 * Whether a whole line belongs to the page around a text, in any of the languages of the table. Pure; it knows nothing
 * about where the line stands.
 *
 *     '/', 'Go to the mediabank', 'Share', 'Comments (12)', 'Weiterlesen'   ->  true
 *     'Read more: Talks in Minsk', 'We use cookies to ...'                   ->  true
 *     'Share prices fell', 'We use cookies as bait, a hunter said.'           ->  false
 */
export function isPageChrome(line: string): boolean {
  const text = line.trim()
  if (text === '' || text.length > MAX_NOTICE_CHARS) return false
  if (ONLY_MARKS.test(text)) return true
  if (text.length <= MAX_LABEL_CHARS && isLabel(text)) return true
  if (text.length <= MAX_LEAD_CHARS && leadsElsewhere(text)) return true
  return NAMES_COOKIES.test(text) && isCookieNotice(foldPhrase(text))
}

function isLabel(text: string): boolean {
  const folded = foldPhrase(text)
  if (CHROME_LINES.has(folded)) return true
  if (/[.!?]$/.test(text) || folded.split(' ').length > MAX_BUTTON_WORDS) return false
  return SHARE_ON.some(start => beginsWith(folded, start))
}

function leadsElsewhere(text: string): boolean {
  const colon = text.indexOf(':')
  return colon > 0 && colon <= MAX_LABEL_CHARS && LEADS_ELSEWHERE.has(foldPhrase(text.slice(0, colon)))
}

const NAMES_COOKIES = new RegExp(COOKIE_WORDS.join('|'), 'iu')
/** Sites say what they do with cookies in few ways; that they concern the reader's visit is said in all. */
const ABOUT_THE_VISIT =
  /site|web|experience|service|traffic|partner|consent|agree|advert|analy|browsing|erlebnis|dienst|nutz|zustimm|expérience|naviga|publicit|mesur|experiencia|servicio|esperienza|servizi|сайт|сервис|соглас|удобств|пользов|досвід|погодж|користув|stron|الموقع|تجربة|تجربتك|خدمات|تجربه|خدمات|سایت|אתר|חוויה|חוויית/

function isCookieNotice(folded: string): boolean {
  return COOKIE_NOTICES.some(start => beginsWith(folded, start)) && ABOUT_THE_VISIT.test(folded)
}

function beginsWith(folded: string, start: string): boolean {
  return folded === start || folded.startsWith(`${start} `) || (start.endsWith(' ב') && folded.startsWith(start))
}
