/**
 * Words that end with a full stop without ending a sentence, in lower case. All languages are in one set: agencies mix
 * them, and a word that is left alone by mistake costs less than one that is cut in two.
 */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  [
    // English
    'mr mrs ms messrs dr prof gen maj col lt sgt capt cmdr adm sen rep gov pres st ste sr jr rev hon vs vol pp fig',
    'inc ltd co corp bros dept univ approx ave blvd rd mt ft esp incl etc jan feb apr jun jul aug sep sept oct nov dec',
    'mon tue tues wed thu thur thurs fri ed eds',
    // German
    'nr str bzw ca usw ggf evtl inkl zzgl hr fr frl bspw sog vgl bd dipl ing hrsg abs tel jh geb gest mio mrd okt dez',
    // French, Spanish, Italian, Portuguese
    'mme mlle mgr bd av env janv févr avr juil sra srta dña ud uds vd pág págs núm admón sig sigg dott ing avv pag cfr ecc exmo',
    // Russian, Ukrainian
    'г гг ул им д др пр проф акад стр рис руб коп тыс млн млрд трлн обл р-н пос см напр гос зам ст св тов гр вул м р рр',
    // Polish, Dutch
    'prof mgr inż ul gen płk dhr mevr drs',
  ].flatMap(words => words.split(' ')),
)

/** Whether a word, written without its full stop, is one that usually has it. An initial (`J.`) is none. */
export function isAbbreviation(word: string): boolean {
  return ABBREVIATIONS.has(word.toLowerCase())
}
