/** What a name in a credit is the name of. `letters`: in a script without capitals, where only the place can tell. */
export type NameKind = 'agency' | 'organization' | 'person' | 'nobody' | 'letters' | 'unknown'

const AGENCIES = new Set(
  [
    'AP|AP Photo|AP Images|Associated Press|The Associated Press|AFP|AFP Photo|Agence France-Presse|Reuters|Getty',
    'Getty Images|EPA|EPA-EFE|EFE|dpa|Picture Alliance|ANSA|LaPresse|APA|Keystone|Belga|ANP|TT|NTB|Ritzau|Lehtikuva',
    'PAP|CTK|ČTK|MTI|TASS|ТАСС|Sputnik|Sputnik International|Спутник|RIA Novosti|РИА Новости|Interfax|Интерфакс|BelTA',
    'БелТА|БЕЛТА|Ukrinform|Укрінформ|Xinhua|Kyodo|Kyodo News|Jiji|Yonhap|PTI|ANI|IRNA|Anadolu|Anadolu Agency|AA|DHA',
    'PA|PA Wire|PA Media|Press Association|Bloomberg|Shutterstock|Alamy|Rex|Rex Features|Zuma|Zuma Press|NurPhoto',
    'Corbis|Magnum|Magnum Photos|SOPA Images|UPI|CP|The Canadian Press|AAP|Imago|Abaca|Sipa|Sipa USA|Europa Press',
    'Eyevine|iStock|Unsplash|Wikimedia Commons|Flickr|رويترز|سبوتنيك|新华社|共同通信|時事通信',
  ].flatMap(line => line.toLowerCase().split('|')),
)

const NOBODY =
  /^(?:handout|hand-out|pool(?: photo)?|file(?: photo)?|supplied|archive|archiv|collected|courtesy|архив|пул)$/iu

const ORGANIZATION =
  /(?:^|[ -])(?:news|images?|agency|press|photos?|pictures|media|ministry|office|service|government|university|institute|international|times|post|herald|guardian|group|foundation|museum|studios?|army|navy|force|police|council|union|party|court|television|tv|radio|ltd|inc|llc|gmbh|corp|министерство|пресс-служба|служба|агентство|новости|мид|міністерство|агенція|ministère|agence|ministerio|agencia|ministero|agenzia|ministerium|agentur)(?:$|[ .-])/iu

/** NASA, UNHCR, JPL-Caltech. */
const INITIALISM = /^\p{Lu}{2,8}(?:-\p{L}{1,12})?$/u
const PARTICLES = new Set(
  'de da do dos di du del della der den van von zu zur la le bin ibn al el ben y e i'.split(' '),
)
const MAX_NAMES = 5

/** Pure: what a part of a credit names. */
export function kindOfName(name: string): NameKind {
  if (isWireAgency(name)) return 'agency'
  if (NOBODY.test(name)) return 'nobody'
  if (INITIALISM.test(name) || ORGANIZATION.test(name)) return 'organization'
  if (isPerson(name)) return 'person'
  return /^\p{Lo}/u.test(name) ? 'letters' : 'unknown'
}

/** An agency that passes pictures on, with or without the year that some write behind it. */
export function isWireAgency(name: string): boolean {
  return AGENCIES.has(name.toLowerCase().replace(/ \d{4}$/, ''))
}

/** Two to five capitalized words, as people's names are. */
export function isPerson(name: string): boolean {
  const words = name.split(' ')
  if (words.length < 2 || words.length > MAX_NAMES || isWireAgency(name) || ORGANIZATION.test(name)) return false
  return words.every(
    (word, i) => /^\p{Lu}[\p{L}\p{M}'’.-]*$/u.test(word) || (i > 0 && PARTICLES.has(word.toLowerCase())),
  )
}
