const PROVIDERS: Readonly<Record<string, string>> = {
  'youtube.com': 'youtube',
  'm.youtube.com': 'youtube',
  'youtu.be': 'youtube',
  'twitter.com': 'twitter',
  'x.com': 'twitter',
  't.me': 'telegram',
  'fb.watch': 'facebook',
}

/** The provider that an embed's address belongs to: a known one, else its domain's own name (`vimeo` of vimeo.com). */
export function providerOf(url: string): string {
  if (!URL.canParse(url)) return 'link'
  const host = new URL(url).hostname.replace(/^www\./, '')
  return PROVIDERS[host] ?? host.split('.').at(-2) ?? host
}
