import { describe, expect, it } from 'vitest'
import { parseCredit, parseSourceTail, takeCredit } from '../../../workers/normalize/credits.ts'
import { normalized, notesOf, warningsOf } from './submissions.ts'

const url = 'https://a.example/c.jpg'
const SOURCE_TAIL = 'Sergey Lavrov in Minsk - Sputnik International, 1920, 15.12.2023'

describe('a credit', () => {
  it.each([
    ['© Sputnik / Viktor Tolochko', 'Sputnik', 'Viktor Tolochko'],
    ['(c) 2023 Sputnik / Viktor Tolochko', 'Sputnik', 'Viktor Tolochko'],
    ['Photo: Reuters/Jane Doe', 'Reuters', 'Jane Doe'],
    ['Photo by Jane Doe/Reuters', 'Reuters', 'Jane Doe'],
    ['Photo: Jane Doe, Reuters', 'Reuters', 'Jane Doe'],
    ['AP Photo/John Smith', 'AP', 'John Smith'],
    ['© AP Photo / John Smith', 'AP', 'John Smith'],
    ['© AFP 2023 / JOHN SMITH', 'AFP', 'JOHN SMITH'],
    ['REUTERS/Jane Doe', 'REUTERS', 'Jane Doe'],
    ['Jane Doe/AP', 'AP', 'Jane Doe'],
    ['Photograph: Patrick T Fallon/AFP/Getty Images', 'AFP', 'Patrick T Fallon'],
    ['Photograph: NASA/AFP/Getty Images', 'NASA', 'NASA'],
    ['Foto: picture alliance/dpa', 'picture alliance', undefined],
    ['Crédit photo : Jean de la Tour / AFP', 'AFP', 'Jean de la Tour'],
    ['Фото: РИА Новости / Иван Иванов', 'РИА Новости', 'Иван Иванов'],
    ['© Фото : МИД России', 'МИД России', undefined],
    ['صورة: رويترز/أحمد محمد', 'رويترز', 'أحمد محمد'],
    ['© POOL / Ivan Ivanov', undefined, 'Ivan Ivanov'],
    ['Photo: Jane Doe', undefined, 'Jane Doe'],
    ['© Jane Doe', 'Jane Doe', 'Jane Doe'],
    ['AFP via Getty Images', 'AFP', undefined],
  ])('[MEDIA1] tells who holds the rights and who made it: %s', (line, copyrightHolder, creator) => {
    const { creditText, ...who } = parseCredit(line) ?? {}
    expect(creditText).toBe(line)
    expect(who).toEqual(JSON.parse(JSON.stringify({ copyrightHolder, creator })))
  })

  it.each([
    ['a label before other words', 'Photo: before/after'],
    ['a description', 'Image: A view of Minsk'],
    ['an alternative', 'He was red/AP said'],
    ['a sentence', 'Photo: He came. He saw.'],
    ['the end of a page', '© 2023 Guardian News & Media Limited. All rights reserved.'],
    ['a name', 'Jane Doe'],
    ['a very long line', `Photo: Reuters/${'Jane '.repeat(100)}Doe`],
  ])('[MEDIA1] is not seen in %s', (_title, line) => {
    expect(parseCredit(line)).toBeUndefined()
  })

  it.each([
    ['Ministers in Minsk. Photo: Reuters/Jane Doe', 'Ministers in Minsk.', 'Photo: Reuters/Jane Doe'],
    ['Ministers in Minsk (AP Photo/John Smith)', 'Ministers in Minsk', 'AP Photo/John Smith'],
    ['Ministers in Minsk. (AP Photo/John Smith).', 'Ministers in Minsk.', 'AP Photo/John Smith'],
    ['Ministers in Minsk © Sputnik / Viktor Tolochko', 'Ministers in Minsk', '© Sputnik / Viktor Tolochko'],
    ['Ministers in Minsk. © Sputnik', 'Ministers in Minsk.', '© Sputnik'],
    ['A rover | Photograph: NASA/AFP/Getty Images', 'A rover', 'Photograph: NASA/AFP/Getty Images'],
    ['In the U.S. – Photo: Jane Doe', 'In the U.S.', 'Photo: Jane Doe'],
    ['© Sputnik / Viktor Tolochko', '', '© Sputnik / Viktor Tolochko'],
  ])('[MEDIA2] is found at the end of a caption: %s', (text, caption, creditText) => {
    expect(takeCredit(text)).toMatchObject({ caption, credit: { creditText } })
  })

  it.each([
    'The sign says © Disney',
    'He holds a photo: Reuters said so',
    'A car, red/AP',
    'J. Smith in a car.',
    'They met. He said: Photo by the river.',
  ])('[MEDIA2] is left in a caption that only looks like it: %s', text => {
    expect(takeCredit(text)).toBeUndefined()
  })
})

describe('the source behind a caption', () => {
  it('[MEDIA3] gives organization, width and day', () => {
    expect(parseSourceTail(SOURCE_TAIL)).toEqual({
      caption: 'Sergey Lavrov in Minsk',
      sourceOrganization: 'Sputnik International',
      width: 1920,
      datePublished: '2023-12-15',
    })
    expect(parseSourceTail('A – B, 1920x1080, 2023-12-15')).toMatchObject({ width: 1920, height: 1080 })
  })

  it.each([
    ['there is no full date', 'Lavrov in Minsk - Sputnik International, 1920'],
    ['there is no number', 'Lavrov in Minsk - Minsk, 15.12.2023'],
    ['the day does not exist', 'Lavrov in Minsk - Sputnik International, 1920, 31.02.2023'],
    ['there is no name', 'They won 3 - 2, 1920, 15.12.2023'],
    ['there is no caption', 'Sputnik International, 1920, 15.12.2023'],
  ])('[MEDIA3] is not read when %s', (_title, text) => {
    expect(parseSourceTail(text)).toBeUndefined()
  })
})

describe('pictures', () => {
  it('[MEDIA4] have what their captions say about them in its own fields, and the note quotes what was moved', () => {
    const result = normalized({ media: [{ url, caption: `${SOURCE_TAIL}` }] })
    expect(result.update.media).toEqual([
      {
        ...{
          url,
          width: 1920,
          sourceOrganization: 'Sputnik International',
          alt: '',
          caption: 'Sergey Lavrov in Minsk',
        },
        ...{ creditText: '', copyrightHolder: '', datePublished: '2023-12-15' },
      },
    ])
    expect(notesOf(result, 'credits')).toEqual([
      {
        step: 'credits',
        before: 'media/0/caption: - Sputnik International, 1920, 15.12.2023',
        after: 'sourceOrganization: Sputnik International, width: 1920, datePublished: 2023-12-15',
      },
    ])
  })

  it('[MEDIA4] may have both, in either order', () => {
    for (const caption of [
      `${SOURCE_TAIL}. © Sputnik / Viktor Tolochko`,
      `Ministers. © Sputnik / Viktor Tolochko - A, 900, 15.12.2023`,
    ]) {
      const [media] = normalized({ media: [{ url, caption }] }).update.media
      expect(media).toMatchObject({
        copyrightHolder: 'Sputnik',
        creator: 'Viktor Tolochko',
        datePublished: '2023-12-15',
      })
      expect(media?.caption).toMatch(/^(?:Sergey Lavrov in Minsk|Ministers\.)$/)
    }
  })

  it('[MEDIA5] keep what the editor filled in, and the caption that says something else, with a warning', () => {
    const given = { url, caption: SOURCE_TAIL, width: 800, creditText: 'Photo: Reuters/Jane Doe', creator: 'J. Doe' }
    const result = normalized({ media: [given], keepAsTyped: ['typography'] })
    expect(result.update.media).toEqual([{ ...given, alt: '', copyrightHolder: 'Reuters' }])
    expect(warningsOf(result)).toEqual([
      'media/0: the caption says "- Sputnik International, 1920, 15.12.2023", but width is 800. It stays in the caption.',
    ])
  })

  it('[MEDIA5] lose only the repeat when the caption says the same as the fields', () => {
    const given = { url, caption: `${SOURCE_TAIL}`, width: 1920, datePublished: '2023-12-15T10:00:00.000Z' }
    expect(normalized({ media: [given] }).update.media[0]).toMatchObject({
      caption: 'Sergey Lavrov in Minsk',
      datePublished: '2023-12-15T10:00:00.000Z',
    })
  })

  it('[MEDIA5] stay as typed where the event does without the step', () => {
    const result = normalized({ media: [{ url, caption: SOURCE_TAIL }], keepAsTyped: ['credits', 'typography'] })
    expect(result.update.media[0]?.caption).toBe(SOURCE_TAIL)
  })
})

describe('a credit that was typed into the text', () => {
  it('[MEDIA12] goes to the one picture that lacks it, and the note quotes the line', () => {
    const body = `The talks go on.\n\n${SOURCE_TAIL}\n© Sputnik / Viktor Tolochko`
    const result = normalized({ body, media: [{ url }] })
    expect(result.update.bodyText).toBe('The talks go on.')
    expect(result.update.media).toEqual([
      {
        ...{
          url,
          alt: '',
          caption: 'Sergey Lavrov in Minsk',
          width: 1920,
          sourceOrganization: 'Sputnik International',
        },
        ...{ creditText: '© Sputnik / Viktor Tolochko', copyrightHolder: 'Sputnik', creator: 'Viktor Tolochko' },
        datePublished: '2023-12-15',
      },
    ])
    const quoted = notesOf(result, 'credits').map(note => ('before' in note ? note.before : ''))
    expect(quoted).toContain(`body: ${SOURCE_TAIL}`)
    expect(quoted).toContain('body: © Sputnik / Viktor Tolochko')
  })

  it.each([
    ['the update has no picture', [], 'the update has no picture.'],
    ['there are several', [{ url }, { url: 'https://a.example/d.jpg' }], 'the update has more than one picture.'],
    ['the picture has another one', [{ url, creditText: '© AP' }], 'the picture has another credit.'],
  ])('[MEDIA12] stays, with a warning, where %s', (_title, media, reason) => {
    const body = 'The talks go on.\nPhoto: Reuters/Jane Doe'
    const result = normalized({ body, media })
    expect(result.update.bodyText).toBe(body)
    expect(warningsOf(result)).toEqual([
      `“Photo: Reuters/Jane Doe” looks like the credit of a picture. It stays in the body: ${reason}`,
    ])
  })

  it('[MEDIA12] is only a line of its own: sentences, lists and code stay as they are', () => {
    const body =
      'Photo: the minister arrives, says AP.\n\n- © Sputnik / Viktor Tolochko\n\n`© Sputnik / Viktor Tolochko`'
    const result = normalized({ body, bodyFormat: 'markdown', media: [{ url }] })
    expect(result.update.media[0]?.creditText).toBe('')
    expect(warningsOf(result)).toEqual([])
  })
})
