import { describe, expect, it } from 'vitest'
import { normalized, notesOf, warningsOf } from './submissions.ts'

const KEY = { isKeyEvent: true }
const BREAKING = { isBreaking: true }
const SUMMARY = { isSummary: true }

describe('commands', () => {
  it.each([
    ['/key Minister arrives', 'Minister arrives', KEY],
    ['/KEY: Minister arrives', 'Minister arrives', KEY],
    ['Minister arrives /breaking', 'Minister arrives', BREAKING],
    ['/key /breaking Minister arrives /summary', 'Minister arrives', { ...KEY, ...BREAKING, ...SUMMARY }],
    [
      '/key\n/breaking\nMinister arrives.\nHe waves.\n\n/summary',
      'Minister arrives.\nHe waves.',
      { ...KEY, ...BREAKING, ...SUMMARY },
    ],
    ['FOR PUB: Minister arrives', 'Minister arrives', {}],
    ['FOR PUB:Minister arrives', 'Minister arrives', {}],
    ['/key FOR PUB: Minister arrives', 'Minister arrives', KEY],
    ['Minister arrives FOR PUB:', 'Minister arrives', {}],
    ['https://youtu.be/XmP56yBy-18\n/key Minister arrives', 'Minister arrives', KEY],
    ['Sergey Aleinik arrives /key\n\nsergey aleinik, talks', 'Sergey Aleinik arrives', KEY],
  ])('[EDIT1] at the start or end become flags, and leave the text: %j', (body, bodyText, flags) => {
    expect(normalized({ body }).update).toMatchObject({
      ...{ bodyText, isKeyEvent: false, isBreaking: false, isSummary: false },
      ...flags,
    })
  })

  it.each([
    '<p><strong>/key</strong> Minister arrives</p>',
    '<ul><li>Minister arrives /key</li></ul>',
    '<h2>/key Minister</h2>arrives',
  ])('[EDIT1] are found in markup too: %s', body => {
    const { update } = normalized({ body, bodyFormat: 'html' })
    expect(update.isKeyEvent).toBe(true)
    expect(update.bodyHtml).not.toMatch(/key|<strong>/)
  })

  it.each([
    'Type /key to mark it',
    'First line\n/key second line\nthird line',
    'Minister/key arrives',
    '/keys are lost',
    'They said and/breaking',
    'See https://a.example/key',
    'https://a.example/ /keynote',
    'Use `/key` here.',
  ])('[EDIT2] are words anywhere else: %j', body => {
    const result = normalized({ body })
    expect(result.update).toMatchObject({ bodyText: body, isKeyEvent: false, isBreaking: false })
    expect(notesOf(result, 'commands')).toEqual([])
  })

  it('[EDIT2] are words in code', () => {
    const { update } = normalized({ body: '`/key` marks it', bodyFormat: 'markdown' })
    expect(update).toMatchObject({ bodyText: '/key marks it', isKeyEvent: false })
  })

  it('[EDIT1] are quoted in the note', () => {
    expect(notesOf(normalized({ body: '/key Minister arrives /breaking' }), 'commands')).toEqual([
      { step: 'commands', before: 'body: /key /breaking', after: 'isKeyEvent, isBreaking' },
    ])
  })

  it('[EDIT2] stay, with a warning, when there is nothing else', () => {
    const result = normalized({ body: '/key /breaking' })
    expect(result.update).toMatchObject({ bodyText: '/key /breaking', isKeyEvent: false })
    expect(warningsOf(result)).toEqual(['"/key /breaking" has no text to go with. It stays as typed.'])
    const withPicture = normalized({ body: '/key', media: [{ url: 'https://a.example/b.jpg' }] })
    expect(withPicture.update).toMatchObject({ bodyText: '', isKeyEvent: true, type: 'image' })
  })

  it('[EDIT2] stay where the editor keeps the text as typed', () => {
    expect(normalized({ body: '/key Hello', keepAsTyped: ['commands'] }).update.bodyText).toBe('/key Hello')
  })
})
