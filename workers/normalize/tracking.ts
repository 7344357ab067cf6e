import { safeLink } from './body/safe-link.ts'

/** Parameters that tell who sent a reader, and change nothing of what is shown. */
const PREFIXES = ['utm_', 'hsa_', 'mtm_', 'piwik_']
const TRACKING = new Set(
  [
    'fbclid fb_action_ids fb_action_types fb_source gclid gclsrc dclid gbraid wbraid msclkid yclid ymclid twclid ttclid',
    'li_fat_id igshid igsh mc_cid mc_eid mkt_tok _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv',
    'oly_enc_id oly_anon_id rb_clickid s_cid wickedid epik srsltid _ga _gl _openstat ysclid wt_mc wt.mc_id xtor cmpid',
    'pk_campaign pk_kwd pk_source pk_medium at_medium at_campaign at_campaign_type at_custom1 at_custom2 at_custom3',
    'at_custom4 at_link_id at_link_origin at_link_type at_format at_ptr_name at_ptr_type at_bbc_team',
    'ocid ns_mchannel ns_source ns_campaign ns_linkname ns_fee mibextid ref_src ref_url __tn__ _branch_match_id',
  ].flatMap(line => line.split(' ')),
)

/** Parameters that mean something elsewhere. */
const ON_HOSTS: readonly { readonly hosts: readonly string[]; readonly names: readonly string[] }[] = [
  { hosts: ['youtube.com', 'youtu.be', 'spotify.com'], names: ['si', 'feature', 'pp'] },
  { hosts: ['twitter.com', 'x.com'], names: ['s', 't'] },
  { hosts: ['tiktok.com'], names: ['_r', '_t', 'is_from_webapp', 'sender_device', 'web_id'] },
  { hosts: ['reddit.com'], names: ['share_id'] },
]

/** Addresses that only lead on to another one, so that somebody can count: mail filters and search engines write them. */
const REDIRECTS: readonly { readonly host: RegExp; readonly path: string; readonly names: readonly string[] }[] = [
  { host: /\.safelinks\.protection\.outlook\.com$/, path: '/', names: ['url'] },
  { host: /^www\.google\.com$/, path: '/url', names: ['q', 'url'] },
  { host: /^lm?\.facebook\.com$/, path: '/l.php', names: ['u'] },
]
const MAX_REDIRECTS = 3

/**
 * Pure: an http address without what only tracks its readers. All else of it stays, letter for letter.
 *
 *     https://a.example/b?utm_source=x&id=1#c                ->  https://a.example/b?id=1#c
 *     https://www.google.com/url?q=https://a.example/&sa=D   ->  https://a.example/
 */
export function withoutTracking(address: string): string {
  let cleaned = address
  for (let i = 0; i < MAX_REDIRECTS; i++) {
    const target = URL.canParse(cleaned) ? targetOf(new URL(cleaned)) : undefined
    if (target === undefined) break
    cleaned = target
  }
  return URL.canParse(cleaned) ? withoutParameters(cleaned, new URL(cleaned).hostname) : cleaned
}

function targetOf({ hostname, pathname, searchParams }: URL): string | undefined {
  const redirect = REDIRECTS.find(({ host, path }) => path === pathname && host.test(hostname))
  const targets = redirect?.names.map(name => searchParams.get(name) ?? '') ?? []
  const target = targets.find(value => /^https?:\/\//i.test(value))
  return target === undefined ? undefined : safeLink(target)
}

function withoutParameters(address: string, host: string): string {
  const hash = address.indexOf('#')
  const fragment = hash < 0 ? '' : address.slice(hash)
  const [path = '', ...queries] = address.slice(0, hash < 0 ? address.length : hash).split('?')
  const kept = queries
    .join('?')
    .split('&')
    .filter(parameter => !tracks(parameter, host))
  const query = queries.length === 0 || (kept.length === 0 && queries.join('') !== '') ? '' : `?${kept.join('&')}`
  return path + query + (onlyTracks(fragment, host) ? '' : fragment)
}

/** Some senders count by the fragment: `#Echobox=1602`, `#utm_source=mail`. */
function onlyTracks(fragment: string, host: string): boolean {
  return (
    /^#(?:utm_|echobox=)/i.test(fragment) &&
    fragment
      .slice(1)
      .split('&')
      .every(part => /^echobox=/i.test(part) || tracks(part, host))
  )
}

function tracks(parameter: string, host: string): boolean {
  const name = nameOf(parameter)
  if (TRACKING.has(name) || PREFIXES.some(prefix => name.startsWith(prefix))) return true
  return ON_HOSTS.some(({ hosts, names }) => names.includes(name) && hosts.some(own => isHost(host, own)))
}

function nameOf(parameter: string): string {
  const name = parameter.split('=', 1)[0] ?? ''
  return name.replace(/%5f/gi, '_').toLowerCase()
}

/** Whether a host is this one, or below it. */
export function isHost(host: string, wanted: string): boolean {
  return host === wanted || host.endsWith(`.${wanted}`)
}

/** Pure: whether a link's text is its own address, with or without its scheme. */
export function showsAddress(text: string, address: string): boolean {
  const shown = withScheme(text)
  return shown !== undefined && (sameAddress(shown, address) || sameAddress(shown.replace(/^https:/, 'http:'), address))
}

/** Pure: the text of a link that shows its address, changed as the address was. */
export function shownWithoutTracking(text: string): string {
  const shown = withScheme(text)
  if (shown === undefined) return text
  const cleaned = withoutTracking(shown)
  return shown === text ? cleaned : cleaned.replace(/^https:\/\//, '')
}

function withScheme(text: string): string | undefined {
  if (/\s/.test(text)) return undefined
  if (/^https?:\/\//i.test(text)) return URL.canParse(text) ? text : undefined
  const guess = `https://${text}`
  return /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:[/?#:]|$)/u.test(text) && URL.canParse(guess) ? guess : undefined
}

function sameAddress(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href
}
