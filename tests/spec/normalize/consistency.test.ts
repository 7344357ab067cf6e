import { describe, expect, it } from 'vitest'
import { placesIn } from '../../../workers/normalize/consistency/places.ts'
import { conversionDoubts, countDoubts, unitDoubts } from '../../../workers/normalize/consistency/quantities.ts'
import { spellingDoubts } from '../../../workers/normalize/consistency/spellings.ts'
import { weekdayDoubts } from '../../../workers/normalize/consistency/weekdays.ts'
import { cpuMs } from './cpu-time.ts'
import { normalized, notesOf } from './submissions.ts'

type Draft = Parameters<typeof normalized>[0]

const doubtsOf = (draft: Draft) =>
  notesOf(normalized({ inLanguage: 'en', ...draft }), 'consistency').map(note =>
    'warning' in note ? note.warning : '',
  )
const pictured = (caption: string, body: string, inLanguage = 'en'): Draft => ({
  ...{ body, inLanguage },
  media: [{ url: 'https://a.b/c.jpg', caption }],
})

describe('the place in a caption', () => {
  it.each([
    ['Lavrov and Aleinik in Minsk', 'Aleinik arrived in Moscow.', 'en', 'Minsk', 'Moscow'],
    ['Lavrov et Aleinik à Minsk', 'Le ministre est arrivé à Moscou.', 'fr', 'Minsk', 'Moscou'],
    ['At the White House', 'Talks were held near Camp David in May.', 'en', 'White House', 'Camp David'],
  ])(
    '[CONS1] is doubted when the text has it nowhere and names another: %s',
    (caption, body, language, place, other) => {
      expect(doubtsOf(pictured(caption, body, language))).toEqual([
        `The caption says ${place}, the text says ${other}.`,
      ])
    },
  )

  it.each([
    ['Lavrov and Aleinik in Minsk', 'Aleinik left Minsk and arrived in Moscow.'],
    ['Lavrov and Aleinik in Minsk', 'Aleinik spoke to reporters.'],
    ['Lavrov in São Paulo', 'He was in Sao Paulo and then in Lima.'],
    ['A handshake in December', 'Aleinik arrived in Moscow.'],
    ['A handshake', 'Aleinik arrived in Moscow.'],
    ['Lavrov in Minsk after a flight from Moscow', 'Aleinik arrived in Moscow.'],
    ['A statement in full', 'Aleinik arrived in Moscow.'],
  ])('[CONS1] is not doubted: %s / %s', (caption, body) => {
    expect(doubtsOf(pictured(caption, body))).toEqual([])
  })

  it('[CONS1] is found by its language', () => {
    expect(placesIn('In New York, at the Port of Spain and near Rio de Janeiro in May', 'en-GB')).toEqual([
      ...['New York', 'Port of Spain', 'Rio de Janeiro'],
    ])
    expect(placesIn('in Verhandlungen in Minsk', 'de')).toEqual([])
  })
})

describe('a weekday', () => {
  const near = '2023-12-15T10:00:00.000Z'
  const doubts = (text: string, inLanguage = 'en') => weekdayDoubts(text, { near, inLanguage })

  it.each([
    ['They meet on Monday, 15 December 2023, in Moscow.', 'en'],
    ['They meet on 15 December 2023 (Monday).', 'en'],
    ['They meet Monday, Dec. 15, at noon.', 'en'],
    ['Sie treffen sich am Montag, den 15. Dezember.', 'de'],
    ['Ils se rencontrent lundi 15 décembre 2023.', 'fr'],
    ['Встреча пройдёт в понедельник, 15 декабря 2023 года.', 'ru'],
    ['Monday 15.12.2023: talks', 'en'],
  ])('[CONS2] that does not fit its date is doubted: %s', (text, language) => {
    expect(doubts(text, language)).toEqual(['2023-12-15 is a Friday, not a Monday.'])
  })

  it.each([
    'They meet on Friday, 15 December 2023.',
    'They meet on Friday, 15 December, Saturday, 16 December, and Sunday, 17 December.',
    '15 December (Friday), 16 December (Saturday), 17 December (Sunday)',
    'On Monday 15 people arrived.',
    'Between Monday 11 and Friday 15 December 2023.',
    'On Monday, 4 July, in another year.',
    'He left on Monday. 15 December 2023 was a Friday.',
    'Monday\n15 December 2023',
    'Sun, 15 metres high',
    'Monday, Tuesday and Wednesday',
  ])('[CONS2] that fits, or belongs to no date, is left alone: %s', text => {
    expect(doubts(text)).toEqual([])
  })

  it('[CONS2] is seen in headlines, texts and captions', () => {
    const headline = 'Talks on Monday, 15 December 2023'
    expect(doubtsOf({ body: 'x', headline })).toEqual(['2023-12-15 is a Friday, not a Monday.'])
  })
})

describe('a name', () => {
  it.each([
    ['The minister Sergey Aleinik spoke first. Then Mr Aleynik left the room.', 'Aleinik', 'Aleynik'],
    ['He met with Zelensky, and with Zelenskyy again.', 'Zelensky', 'Zelenskyy'],
    ['The talks in Moscow, said the Moskow office.', 'Moscow', 'Moskow'],
    ['He met Macron and told Marcon so.', 'Macron', 'Marcon'],
    ['He met Johnson, and Johnnson agreed.', 'Johnson', 'Johnnson'],
    ['Aleinik arrived. Then Aleynik left.', 'Aleinik', 'Aleynik'],
    ['Sergei Lavrov spoke first. Later Sergey Lavrov left.', 'Sergei', 'Sergey'],
    ['Die Rede von Sergej Aleinik und von Sergej Aleynik', 'Aleinik', 'Aleynik', 'de'],
  ])('[CONS3] that is spelled in two ways is doubted: %s', (text, first, second, language = 'en') => {
    expect(spellingDoubts(text, language)).toEqual([
      `"${first}" and "${second}": is that one name, spelled in two ways?`,
    ])
  })

  it.each([
    ['He flew from Austria to Australia, from Slovakia to Slovenia.'],
    ['He spoke of Russia and the Russian and Russians.'],
    ['He met Minister Lavrov, and Mrs Lavrova came too.'],
    ['With the Minister and the Ministers of Korea and Korean guests.'],
    ['It was March. The Match was over. He saw the March.'],
    ['МИД: Лавров встретил Алейника, Алейник поблагодарил Лаврова, Алейнику ответили.', 'ru'],
    ['Der Vater und die Väter, der Garten und die Gärten, die Leitung und die Leistung', 'de'],
    ['Johnson Johnston Johnsson: All In Capitals'],
    ['He met Iran and Iraq and Mali and Malta.'],
    ['In Niger and in Nigeria'],
    ['Price rises. Then Prince Harry spoke.'],
    ['Those came. These went.'],
  ])('[CONS3] that is another one, or inflected, is left alone: %s', (text, language = 'en') => {
    expect(spellingDoubts(text, language)).toEqual([])
  })
})

describe('a quantity', () => {
  it.each([
    ['a road of 5 km (3 kg) there', 'en', '5 km (3 kg): one is a length, the other a mass.'],
    ['a road of 5 km (5 miles) there', 'en', '5 km (5 miles): the second would be 3.1.'],
    ['at 30°C (30°F) today', 'en', '30°C (30°F): the second would be 86.'],
    ['a mass of 1,025 kg (226 pounds)', 'en', '1,025 kg (226 pounds): the second would be 2300.'],
    ['eine Länge von 1,5 km (15 Meilen)', 'de', '1,5 km (15 Meilen): the second would be 0.93.'],
  ])('[CONS4] that is given twice is doubted when it differs: %s', (text, language, doubt) => {
    expect(conversionDoubts(text, language)).toEqual([doubt])
  })

  it.each([
    ['5 km (3 miles), 5km (3.1 miles), 100 feet (30 metres), 1.8kg (4lb), 1 mile (about 2 km)', 'en'],
    ['20°C (68°F), -40°C (-40°F), 60 mph (97 km/h), 1,025 kg (2,260 pounds), 10 acres (4 hectares)', 'en'],
    ['1,5 km (0,9 Meilen)', 'de'],
    ['5 km (see below), 5 km (3 days), 12 (13), call 5 km (3 years ago)', 'en'],
  ])('[CONS4] that is converted and rounded is left alone: %s', (text, language) => {
    expect(conversionDoubts(text, language)).toEqual([])
  })

  it.each([
    ['The road is 30 km long. A road of 30 miles was planned.', ['The text says "30 km" and "30 miles".']],
    ['It weighs 12 kg, no, 12 lb.', ['The text says "12 kg" and "12 lb".']],
    ['30 km of road and 30 kg of rice, 30 km and 30 kilometres, 30 km there and back', []],
    ['-40 °C (-40 °F) and 30 km (30 miles)', []],
    ['30 people and 30 trucks, 30 March, 30 m people', []],
  ])('[CONS8] with two units for the same number is doubted: %s', (text, doubts) => {
    expect(unitDoubts(text)).toEqual(doubts)
  })

  it('[CONS5] that the headline and the text count differently is doubted', () => {
    expect(doubtsOf({ headline: 'Blast: 12 dead', body: 'There were 13 dead after the blast.' })).toEqual([
      'The headline says "12 dead", the text says "13 dead".',
    ])
    const body = 'Police said 12 people were killed. Later 13 people were killed, they said.'
    expect(doubtsOf({ body })).toEqual(['The text says "12 people were killed" and "13 people were killed".'])
  })

  it.each([
    ['12 dead', '12 dead in the blast, 13 dead in another one'],
    ['12 dead', 'At least 12 people died; 3 dead were found at once'],
    ['1,200 dead', 'There are 1200 dead.'],
    ['', '12 people were killed in Minsk and 3 people were killed in Moscow.'],
    ['', 'In 2023 they were here. In 2024 they were here.'],
    ['Talks in 2023', 'The talks began in 2022.'],
  ])('[CONS5] is not doubted: %j / %j', (headline, text) => {
    expect(countDoubts(headline, text)).toEqual([])
  })
})

describe('consistency', () => {
  it('[CONS6] changes nothing, and is not looked at where the step is off', () => {
    const draft = pictured('In Minsk', 'He was in Moscow.')
    const on = normalized(draft)
    const off = normalized({ ...draft, keepAsTyped: ['consistency'] })
    expect(on.update).toEqual(off.update)
    expect(notesOf(off, 'consistency')).toEqual([])
  })

  it('[CONS6] gives no more than 8 warnings', () => {
    const body = Array.from({ length: 20 }, (_, i) => `${i + 11} km (${i + 2} kg)`).join(' and ')
    expect(doubtsOf({ body })).toHaveLength(8)
  })

  it.each([
    ...['Monday 1 ', '15 December Monday ', '5 km (', '5 km (5 miles) ', '1 people were killed. ', 'in Minsk '],
    ...['Aleinik Aleynik a b c ', '1,1,1,1', 'Monday', 'In ', '1 aaaa ', 'A', '9', ' (', 'a in A-', '°', '12.12.2023 '],
  ])('[CONS7] takes 32 KB of %j in under 50 ms', unit => {
    const text = unit.repeat(Math.ceil(32_768 / unit.length)).slice(0, 32_768)
    const check = () => {
      placesIn(text, 'en')
      weekdayDoubts(text, { near: '2023-12-15T10:00:00.000Z', inLanguage: 'en' })
      spellingDoubts(text, 'en')
      conversionDoubts(text, 'en')
      countDoubts('12 dead', text)
      unitDoubts(text)
    }
    expect(cpuMs(check)).toBeLessThan(50)
  })
})
