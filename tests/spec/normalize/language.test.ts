import { describe, expect, it } from 'vitest'
import { languageOf } from '../../../workers/normalize/language-of.ts'
import { cpuMs } from './cpu-time.ts'
import { normalized, notesOf, warningsOf } from './submissions.ts'

const sentences = {
  de: 'Der Außenminister ist heute Morgen in Berlin zu Gesprächen mit seinem Amtskollegen eingetroffen.',
  fr: 'Le ministre des Affaires étrangères est arrivé ce matin à Paris pour des entretiens avec son homologue.',
  es: 'El ministro de Asuntos Exteriores llegó esta mañana a Madrid para conversar con su homólogo.',
  it: 'Il ministro degli Esteri è arrivato questa mattina a Roma per colloqui con il suo omologo.',
  pt: 'O ministro das Relações Exteriores chegou esta manhã a Lisboa para conversações com o seu homólogo.',
  pl: 'Minister spraw zagranicznych przybył dziś rano do Moskwy na rozmowy ze swoim odpowiednikiem.',
  ru: 'Министр иностранных дел прибыл в Москву на переговоры с российским коллегой сегодня утром.',
  uk: 'Міністр закордонних справ прибув до Києва на переговори зі своїм колегою сьогодні вранці.',
  ar: 'وصل وزير الخارجية صباح اليوم إلى موسكو لإجراء محادثات مع نظيره',
  fa: 'وزیر خارجه صبح امروز برای گفت‌وگو با همتای خود وارد مسکو شد',
  he: 'שר החוץ הגיע הבוקר למוסקבה לשיחות עם עמיתו לפני הישיבה של הערב',
  zh: '俄罗斯外交部长今天上午在莫斯科与白俄罗斯外长举行会谈，随后召开新闻发布会。',
  ja: '外務大臣は今朝モスクワでベラルーシの外相と会談し、その後記者会見を行った。',
}

describe('the language of an update', () => {
  it.each(Object.entries(sentences))(
    '[LANG1] is %s when the text plainly is, and the note tells how sure',
    (tag, body) => {
      const result = normalized({ body })
      expect(result.update.inLanguage).toBe(tag)
      expect(notesOf(result, 'language')).toEqual([
        {
          step: 'language',
          before: 'inLanguage: en',
          after: expect.stringMatching(new RegExp(`^inLanguage: ${tag} \\(confidence 0\\.\\d\\d\\)$`)),
        },
      ])
    },
  )

  it.each(Object.entries(sentences))('[LANG2] stays the event’s when that is %s, whatever its region', (tag, body) => {
    const inLanguage = `${tag}-${new Intl.Locale(tag).maximize().region}`
    const result = normalized({ body }, { inLanguage })
    expect(result.update.inLanguage).toBe(inLanguage)
    expect(notesOf(result, 'language')).toEqual([])
  })

  it('[LANG3] is what the editor said, and is not looked for where the step is off', () => {
    expect(normalized({ body: sentences.ru, inLanguage: 'en' }).update.inLanguage).toBe('en')
    expect(normalized({ body: sentences.ru, keepAsTyped: ['language'] }).update.inLanguage).toBe('en')
  })

  it.each([
    ['short', 'Hola, ministro'],
    ['names', 'Sergey Lavrov, Maria Zakharova, Sergey Aleinik, Vladimir Makei, Dmitry Peskov'],
    ['places', 'San Francisco, Los Angeles, San Diego, Santa Barbara, Palo Alto'],
    ['an address', 'https://example.com/министр-прибыл-в-москву-на-переговоры-с-российским-коллегой'],
    ['code', '`der Minister ist heute Morgen in Berlin zu Gesprächen mit seinem Kollegen`'],
    ['mixed', 'Мы работаем вместе. The foreign minister said today in London this morning.'],
    ['abbreviations', 'LOX HPU ready, ETA 4:30, T-0 umbilical go, COMM check go, FTS armed, GO for MECO'],
  ])('[LANG4] is not guessed from %s', (_title, body) => {
    const result = normalized({ body, bodyFormat: 'markdown' })
    expect(result.update.inLanguage).toBe('en')
    expect(notesOf(result, 'language')).toEqual([])
  })

  it.each([
    ['sr', 'Ministar spoljnih poslova stigao je jutros u Beograd na razgovore sa svojim kolegom, saopšteno je.'],
    ['id', 'Menteri luar negeri tiba di Jakarta pagi ini untuk berunding dengan mitranya.'],
    ['nb', 'Utenriksministeren ankom Oslo i morges for samtaler med sin kollega fra nabolandet.'],
  ])('[LANG5] stays %s beside a language that looks alike', (inLanguage, body) => {
    expect(normalized({ body }, { inLanguage }).update.inLanguage).toBe(inLanguage)
  })

  it('[LANG5] that may be one of two is only warned of', () => {
    const body = 'Menteri luar negeri tiba di Jakarta pagi ini untuk berunding dengan mitranya.'
    const result = normalized({ body })
    expect(result.update.inLanguage).toBe('en')
    expect(warningsOf(result)).toEqual([expect.stringMatching(/^The text looks like Malay or a language close to it/)])
  })

  it('[LANG4] takes 64 KB in its stride', () => {
    const body = sentences.de.repeat(600)
    expect(normalized({ body: body.slice(0, 64_000) }).update.inLanguage).toBe('de')
    expect(cpuMs(() => languageOf(body))).toBeLessThan(50)
  })
})
