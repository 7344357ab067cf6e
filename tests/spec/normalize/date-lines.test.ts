import { describe, expect, it } from 'vitest'
import { type DateLineContext, readDateLine } from '../../../workers/normalize/dates/read-date-line.ts'
import { cpuMs } from './cpu-time.ts'

const NEAR = '2023-12-15T10:30:00.000Z'
const TEN_UTC = '2023-12-15T10:00:00.000Z'

function read(text: string, changes: Partial<DateLineContext> = {}) {
  return readDateLine(text, { timeZone: 'Europe/Moscow', inLanguage: 'en', near: NEAR, ...changes })
}

const german = { inLanguage: 'de', timeZone: 'Europe/Berlin' }
const french = { inLanguage: 'fr', timeZone: 'Europe/Paris' }

describe('a line that says when', () => {
  it.each<[string, Partial<DateLineContext>?]>([
    ['10:00 GMT 15.12.2023'],
    ['2023-12-15T10:00:00Z'],
    ['2023-12-15T10:00:00.000Z'],
    ['2023-12-15T13:00:00.25+03:00'],
    ['2023-12-15T05:00-05:00'],
    ['2023-12-15 13:00'],
    ['2023/12/15 13:00'],
    ['Fri, 15 Dec 2023 10:00:00 +0000'],
    ['Fri, 15 Dec 2023 05:00:00 -0500'],
    ['15 Dec 23 10:00 UTC'],
    ['Fri, 15 Dec 2023 10:00:00 +0000 (UTC)'],
    ['15 Dec 2023, 13:00 MSK'],
    ['15-Dec-2023 10:00 UTC'],
    ['Dec. 15, 2023 5:00 AM ET'],
    ['December 15th, 2023 at 5 a.m. EST'],
    ['5:00 am ET on Friday, December 15, 2023'],
    ['Fri Dec 15 13:00:00 2023'],
    ['10.00 GMT'],
    ['1000 GMT'],
    ['13:00'],
    ['13:00 local time'],
    ['13:00 Moscow time'],
    ['05:00 New York time'],
    ['12:00 Europe/Kyiv 15.12.2023'],
    ['11:00 CET | 15.12.2023'],
    ['13:00 (UTC+3)'],
    ['13:00 GMT+03:00'],
    ['Today, 13:00'],
    ['Friday, 13:00'],
    ['Published: 15 December 2023, 10:00 GMT'],
    ['10:00 GMT 15.12.2023 (Updated: 13:46 GMT 18.01.2024)'],
    ['Freitag, 15. Dezember 2023, 11:00 Uhr', german],
    ['11.00 Uhr', german],
    ['11 Uhr', german],
    ['11:00 Uhr am 15. Dezember 2023', german],
    ['vendredi 15 décembre 2023 à 11h00', french],
    ['15 de diciembre de 2023, 11:00', { inLanguage: 'es', timeZone: 'Europe/Madrid' }],
    ['15 dicembre 2023 alle ore 11:00', { inLanguage: 'it', timeZone: 'Europe/Rome' }],
    ['15 декабря 2023 г., 13:00 (МСК)', { inLanguage: 'ru', timeZone: 'UTC' }],
    ['13:00 по московскому времени, 15 декабря 2023 года', { inLanguage: 'ru', timeZone: 'UTC' }],
    ['15 грудня 2023 року, 12:00 за київським часом', { inLanguage: 'uk', timeZone: 'UTC' }],
    ['١٥ ديسمبر ٢٠٢٣، ١٣:٠٠', { inLanguage: 'ar' }],
    ['۱۵ دسامبر ۲۰۲۳، ۱۳:۰۰', { inLanguage: 'fa' }],
    ['2023年12月15日 13:00', { inLanguage: 'ja' }],
  ])('[TIME1] reads %s', (text, changes) => {
    expect(read(text, changes)).toMatchObject({ at: TEN_UTC, hasTime: true, isWholeLine: true, warnings: [] })
  })

  it.each([
    ['13:05', NEAR, '2023-12-15T10:05:00.000Z'],
    ['23:50', '2023-12-15T21:10:00.000Z', '2023-12-15T20:50:00.000Z'],
    ['00:10', '2023-12-15T20:50:00.000Z', '2023-12-15T21:10:00.000Z'],
    ['11 pm ET', '2023-12-15T05:00:00.000Z', '2023-12-15T04:00:00.000Z'],
    ['31 December, 13:00', '2024-01-02T10:00:00.000Z', '2023-12-31T10:00:00.000Z'],
    ['Yesterday, 13:00', NEAR, '2023-12-14T10:00:00.000Z'],
  ])('[TIME2] takes the day or year of %s that is nearest to %s', (text, near, at) => {
    expect(read(text, { near })?.at).toBe(at)
  })

  it.each([
    ['05.12.2023 10:00 GMT', 'en-US', '2023-12-05T10:00:00.000Z', 0],
    ['5/12/2023 10:00 GMT', 'en-GB', '2023-12-05T10:00:00.000Z', 1],
    ['5/12/2023 10:00 GMT', 'en', '2023-12-05T10:00:00.000Z', 1],
    ['5/12/2023 10:00 GMT', 'en-US', '2023-05-12T10:00:00.000Z', 1],
    ['12/15/2023 10:00 GMT', 'en-GB', TEN_UTC, 0],
    ['15/12/2023 10:00 GMT', 'en-US', TEN_UTC, 0],
    ['5-5-23 10:00 GMT', 'en-GB', '2023-05-05T10:00:00.000Z', 0],
  ])('[TIME3] reads day and month of %s as %s has it', (text, inLanguage, at, warnings) => {
    expect(read(text, { inLanguage })).toMatchObject({ at })
    expect(read(text, { inLanguage })?.warnings).toHaveLength(warnings)
  })

  it.each([
    ['02:30 31.03.2024', 'Europe/Berlin', '2024-03-31T01:30:00.000Z', /did not exist/],
    ['02:30 27.10.2024', 'Europe/Berlin', '2024-10-27T00:30:00.000Z', /came twice/],
    ['10:00 EST 15.07.2023', 'UTC', '2023-07-15T15:00:00.000Z', /EST is UTC-05:00/],
    ['10:00 CET 15.07.2023', 'UTC', '2023-07-15T09:00:00.000Z', /CET is UTC\+01:00/],
    ['10:00 IST 15.12.2023', 'UTC', '2023-12-15T04:30:00.000Z', /also that of Ireland or Israel/],
    ['Monday, 15 December 2023 13:00', 'Europe/Moscow', TEN_UTC, /Friday, not a Monday/],
  ])('[TIME4] warns of what is unsure in %s', (text, timeZone, at, warning) => {
    expect(read(text, { timeZone })).toMatchObject({ at, warnings: [expect.stringMatching(warning)] })
  })

  it.each([
    ['Asia/Jerusalem', '2023-12-15T08:00:00.000Z'],
    ['Europe/Dublin', TEN_UTC],
    ['Asia/Kolkata', '2023-12-15T04:30:00.000Z'],
  ])("[TIME4] takes an abbreviation as the event's own zone %s has it, without a warning", (timeZone, at) => {
    expect(read('10:00 IST 15.12.2023', { timeZone })).toMatchObject({ at, warnings: [] })
  })

  it.each([
    ['15.12.2023', '2023-12-14T21:00:00.000Z'],
    ['15.12.23', '2023-12-14T21:00:00.000Z'],
    ['15 December', '2023-12-14T21:00:00.000Z'],
    ['May 5, 2023', '2023-05-04T21:00:00.000Z'],
  ])('[TIME5] tells that %s names a day and no time', (text, at) => {
    expect(read(text)).toEqual({
      ...{ at, hasDate: true, hasTime: false, hasZone: false, isWholeLine: true, warnings: [] },
      length: text.length,
    })
  })

  it.each([
    ['13:05 – Minister arrives', '13:05'],
    ['13:05: Minister arrives', '13:05'],
    ['13:05 – 15 people arrived', '13:05'],
    ['[13:05] Minister arrives', '[13:05'],
    ['(13:05 MSK) Minister arrives', '(13:05 MSK'],
    ['13:05 | March on the square', '13:05'],
    ['15 Dec 2023, 13:05 MSK - Minister arrives', '15 Dec 2023, 13:05 MSK'],
  ])('[TIME6] reads the time before a separator in %s', (text, said) => {
    expect(read(text)).toMatchObject({ at: '2023-12-15T10:05:00.000Z', isWholeLine: false, length: said.length })
  })

  it.each([
    '10:00 Mars/Jezero 15.12.2023',
    '10:00 XYZ 15.12.2023',
    '10:00 XYZ – Minister arrives',
    '31.02.2023',
    '32.12.2023 10:00',
    '25:00',
    '12:60',
    '10:00-11:30',
    '13:05 – 14:00 lunch',
    '13:05 Minister arrives',
    '10:30, the minister arrives',
    '19.30',
    '3.30 – that is the price',
    '1:0 – Goal',
    '3:10 to Yuma',
    '2h30',
    '2023',
    'December 2023',
    'Friday',
    '15',
    'The 15 ministers',
    'May 5, 10 killed',
    '5 am and all is well',
    'Sergey Lavrov in Minsk - Agency, 1920, 15.12.2023',
    '10:00 15.12.2023 16.12.2023',
    '192.168.1.10',
    'v15.12.2023',
    '+7 495 123-45-67',
    '',
  ])('[TIME7] leaves %j alone', text => {
    expect(read(text)).toBeUndefined()
  })

  it.each(['1:', '1.1.', '10:00 ', '10:00 – ', '(', '10 ', 'May ', '1/1/', 'a ', 'Updated: 10:00 ', '٣', '+', 'at '])(
    '[TIME8] looks at 32 KB of %j for no more than 20 ms',
    unit => {
      const text = unit.repeat(Math.ceil(32_768 / unit.length))
      expect(cpuMs(() => read(text))).toBeLessThan(20)
    },
  )
})
