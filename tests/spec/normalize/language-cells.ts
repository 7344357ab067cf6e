/**
 * What each step does in each language, by example: [what was typed, what becomes of it], or what the step finds. The table of
 * docs/NORMALIZATION.md has a cell for each of these, and for no other.
 */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'ru', 'uk', 'ar', 'fa', 'he'] as const

export const SPACED: Readonly<Record<string, readonly [typed: string, becomes: string]>> = {
  en: ['They met in Moscow.Russian envoys came later.', 'They met in Moscow. Russian envoys came later.'],
  de: ['Sie trafen sich in Wien.Danach kamen die anderen.', 'Sie trafen sich in Wien. Danach kamen die anderen.'],
  fr: [
    'Ils se sont vus à Paris.Les autres sont venus ensuite.',
    'Ils se sont vus à Paris. Les autres sont venus ensuite.',
  ],
  es: ['Se vieron en Madrid.Después llegaron los otros.', 'Se vieron en Madrid. Después llegaron los otros.'],
  it: ['Si sono visti a Roma.Dopo sono arrivati gli altri.', 'Si sono visti a Roma. Dopo sono arrivati gli altri.'],
  ru: ['Они встретились в Москве.Потом пришли другие.', 'Они встретились в Москве. Потом пришли другие.'],
  uk: ['Вони зустрілися в Києві.Потім прийшли інші.', 'Вони зустрілися в Києві. Потім прийшли інші.'],
  ar: ['التقوا في موسكو.بعدها وصل الآخرون إلى القاعة.', 'التقوا في موسكو. بعدها وصل الآخرون إلى القاعة.'],
  fa: ['آنها در تهران دیدار کردند.سپس دیگران آمدند.', 'آنها در تهران دیدار کردند. سپس دیگران آمدند.'],
  he: ['הם נפגשו בירושלים.אחר כך הגיעו האחרים.', 'הם נפגשו בירושלים. אחר כך הגיעו האחרים.'],
}

export const SET: Readonly<Record<string, readonly [typed: string, becomes: string]>> = {
  en: ['He said "yes" - and left...', 'He said “yes” – and left…'],
  de: ['Er sagte "ja" - und ging...', 'Er sagte „ja“ – und ging…'],
  fr: ['Il a dit "oui" : et il partit !', 'Il a dit «\u202foui\u202f»\u202f: et il partit\u202f!'],
  es: ['Dijo "sí" - y se fue...', 'Dijo «sí» – y se fue…'],
  it: ['Disse "sì" - e uscì...', 'Disse «sì» – e uscì…'],
  ru: ['Он сказал "да" - и ушёл...', 'Он сказал «да» — и ушёл…'],
  uk: ['Він сказав "так" - і пішов...', 'Він сказав «так» — і пішов…'],
  ar: ['قال "نعم" ثم غادر...', 'قال «نعم» ثم غادر…'],
  fa: ['او گفت "بله" و رفت...', 'او گفت «بله» و رفت…'],
  he: ['הוא אמר "כן" והלך...', 'הוא אמר ”כן” והלך…'],
}

export const CHROME: Readonly<Record<string, string>> = {
  en: 'Read more',
  de: 'Mehr lesen',
  fr: 'Lire la suite',
  es: 'Leer más',
  it: 'Leggi tutto',
  ru: 'Читать далее',
  uk: 'Читати далі',
  ar: 'اقرأ المزيد',
  fa: 'بیشتر بخوانید',
  he: 'קרא עוד',
}

export const CALLS: Readonly<Record<string, string>> = {
  en: 'Subscribe to our newsletter!',
  de: 'Abonnieren Sie unseren Newsletter!',
  fr: 'Abonnez-vous à notre newsletter\u202f!',
  es: '¡Suscríbete a nuestro boletín!',
  it: 'Iscriviti alla nostra newsletter!',
  ru: 'Подписывайтесь на наш канал!',
  uk: 'Підписуйтесь на наш канал!',
  ar: 'اشترك في نشرتنا الإخبارية!',
  fa: 'در خبرنامه ما عضو شوید!',
  he: 'הירשמו לניוזלטר שלנו!',
}

export const TIMES: Readonly<Record<string, string>> = {
  en: 'Nov. 23, 2026 10:00 AM',
  de: '23. November 2026, 10:00',
  fr: '23 novembre 2026 à 10:00',
  es: '23 de noviembre de 2026, 10:00',
  it: '23 novembre 2026, 10:00',
  ru: '23 ноября 2026, 10:00',
  uk: '23 листопада 2026, 10:00',
  ar: '23 نوفمبر 2026 10:00',
  fa: '23 نوامبر 2026 10:00',
}

export const WRITTEN: Readonly<Record<string, string>> = {
  en: 'The ministers met this morning to talk about the new treaty on night ferries.',
  de: 'Die Minister trafen sich heute Morgen, um über den neuen Vertrag zu sprechen.',
  fr: 'Les ministres se sont réunis ce matin pour parler du nouveau traité.',
  es: 'Los ministros se reunieron esta mañana para hablar del nuevo tratado.',
  it: 'I ministri si sono riuniti questa mattina per parlare del nuovo trattato.',
  ru: 'Министры встретились сегодня утром, чтобы поговорить о новом договоре.',
  uk: 'Міністри зустрілися сьогодні вранці, щоб поговорити про новий договір.',
  ar: 'اجتمع الوزراء هذا الصباح للحديث عن المعاهدة الجديدة بين الدول.',
  fa: 'وزیران امروز صبح برای گفتگو درباره پیمان تازه با هم دیدار کردند.',
  he: 'השרים נפגשו הבוקר כדי לדבר על האמנה החדשה בין המדינות.',
}

/** Each with a second sentence behind it. */
export const HEADLINES: Readonly<Record<string, readonly [headline: string, more: string]>> = {
  en: ['Dr. Moss met Mr. Lind.', 'They talked.'],
  de: ['Dr. Moss traf am 3. Mai ein.', 'Danach sprach er.'],
  fr: ['M. Dupont est arrivé !', 'Il a parlé.'],
  es: ['¿Llegó el Sr. García?', 'Sí, llegó.'],
  it: ['Il dott. Rossi è arrivato.', 'Poi ha parlato.'],
  ru: ['Министр прибыл в Москву.', 'Потом он говорил.'],
  uk: ['Міністр прибув до Києва.', 'Потім він говорив.'],
  ar: ['هل وصل الوزير إلى موسكو؟', 'نعم، وصل.'],
  fa: ['آیا وزیر به تهران رسید؟', 'بله، رسید.'],
  he: ['השר הגיע לירושלים.', 'אחר כך הוא דיבר.'],
}

/** A caption, and a text that says another place. */
export const PLACES: Readonly<Record<string, readonly [caption: string, body: string]>> = {
  en: ['The ministers in Minsk', 'They met in Moscow.'],
  fr: ['Les ministres à Minsk', 'Ils se sont vus à Moscou.'],
  es: ['Los ministros en Minsk', 'Se vieron en Madrid.'],
  it: ['I ministri a Minsk', 'Si sono visti a Roma.'],
}

/** The 15th of December 2023 was a Friday. */
export const WEEKDAYS: Readonly<Record<string, string>> = {
  en: 'They met on Monday, 15 December 2023.',
  de: 'Sie trafen sich am Montag, 15. Dezember 2023.',
  fr: 'Ils se sont vus lundi 15 décembre 2023.',
  es: 'Se vieron el lunes, 15 de diciembre de 2023.',
  it: 'Si sono visti lunedì 15 dicembre 2023.',
  ru: 'Они встретились в понедельник, 15 декабря 2023.',
  uk: 'Вони зустрілися в понеділок, 15 грудня 2023.',
}
