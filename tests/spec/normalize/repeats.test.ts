import { describe, expect, it } from 'vitest'
import { normalizeUpdate } from '../../../workers/normalize/normalize.ts'
import { aSubmission, normalized, notesOf, warningsOf } from './submissions.ts'

const FIRST = 'The ministers met in Moscow on Friday.'
const SECOND = 'They signed a number of joint documents.'
const TITLE = 'Lavrov Talks to Media'

describe('what a body says twice', () => {
  it.each([
    ['a title given three times', `${TITLE}\n${TITLE}\n\n${TITLE}\n\nThey met.`, `<p>${TITLE}</p><p>They met.</p>`],
    ['a paragraph that runs together', `${FIRST}${SECOND}\n\n${FIRST}\n\n${SECOND}`, `<p>${FIRST}</p><p>${SECOND}</p>`],
  ])('[TEXT8] is said once: %s', (_title, body, bodyHtml) => {
    expect(normalized({ body }).update.bodyHtml).toBe(bodyHtml)
  })

  it('[TEXT8] is quoted whole in a note', () => {
    const result = normalized({ body: `${FIRST}${SECOND}\n\n${FIRST}\n\n${SECOND}` })
    expect(notesOf(result, 'repeats')).toEqual([
      { step: 'repeats', before: `body: ${FIRST}${SECOND}`, after: expect.any(String) },
    ])
  })

  it('[TEXT8] goes when it is the headline, unless nothing else is left', () => {
    expect(normalized({ headline: TITLE, body: `${TITLE}\nThey met.` }).update.bodyText).toBe('They met.')
    expect(normalized({ headline: TITLE, body: TITLE }).update.bodyText).toBe(TITLE)
    expect(normalized({ headline: TITLE, body: `${TITLE}\n${TITLE}` }).update.bodyText).toBe(TITLE)
  })

  it.each([
    ['in a list', '<ul><li>one two three</li><li>one two three</li></ul>'],
    ['in a table', '<table><tbody><tr><td>one two three</td><td>one two three</td></tr></tbody></table>'],
    ['in a quotation', `<p>${FIRST}</p><blockquote><p>${FIRST}</p></blockquote>`],
    ['in pre', '<pre>one two three\none two three</pre>'],
  ])('[TEXT8] stays where that is meant: %s', (_title, body) => {
    expect(normalized({ body, bodyFormat: 'html' }).update.bodyHtml).toBe(body)
  })

  it('[TEXT8] stays with a warning when people may mean it', () => {
    const result = normalized({ body: 'I do not recall.\nAnd then?\nI do not recall.' })
    expect(result.update.bodyText).toBe('I do not recall.\nAnd then?\nI do not recall.')
    expect(warningsOf(result)).toEqual(['It stands here more than once: “I do not recall.”'])
  })

  it('[TEXT8] stays when its links lead elsewhere', () => {
    const body =
      '<p><a href="https://a.b/">the whole story here</a></p><p><a href="https://c.d/">the whole story here</a></p>'
    expect(normalized({ body, bodyFormat: 'html' }).update.bodyText).toBe('the whole story here\nthe whole story here')
  })
})

describe('warnings about the text', () => {
  it('[TEXT9] name two sentences that say nearly the same, and change nothing', () => {
    const first = 'Sputnik goes live as Minister Sergey Lavrov holds a press conference in Moscow.'
    const second = 'Sputnik is live as Minister Sergey Lavrov holds a press conference in Moscow.'
    const result = normalized({ body: `${first} They met.\n\n${second}` })
    expect(result.update.bodyText).toBe(`${first} They met.\n${second}`)
    expect(notesOf(result, 'near-repeats')).toEqual([
      { step: 'near-repeats', warning: `Two sentences say nearly the same: “${first}” and “${second}”` },
    ])
  })

  it('[TEXT9] name lines of the page around the text, and change nothing', () => {
    const result = normalized({ body: 'They met.\n/\nGo to the mediabank' })
    expect(result.update.bodyText).toBe('They met.\n/\nGo to the mediabank')
    expect(notesOf(result, 'page-chrome').map(note => ('warning' in note ? note.warning : ''))).toEqual([
      'This looks like a part of a page, not of the text: “/”',
      'This looks like a part of a page, not of the text: “Go to the mediabank”',
    ])
  })
})

describe('calls to action', () => {
  const remove = { settings: { off: [], callsToAction: 'remove' as const, blockedTerms: [] } }
  const call = 'Follow our live feed to find out more!'

  it('[TEXT10] are named in a warning', () => {
    const result = normalized({ body: `They met. ${call}` })
    expect(result.update.bodyText).toBe(`They met. ${call}`)
    expect(warningsOf(result)).toEqual([`This calls readers to action: “${call}”`])
  })

  it.each([
    ['at the end', `They met. ${call}`, '<p>They met.</p>'],
    ['at the beginning', `${call} They met.`, '<p>They met.</p>'],
    ['in the middle', `They met. ${call} They left.`, '<p>They met. They left.</p>'],
    ['run together with the text', `They met in Moscow.${call}`, '<p>They met in Moscow.</p>'],
    ['as a line', `They met.\n${call}\nThey left.`, '<p>They met.<br>They left.</p>'],
    ['as a paragraph', `They met.\n\n${call}`, '<p>They met.</p>'],
    ['two in a row', `${call} Stay tuned! They met.`, '<p>They met.</p>'],
  ])('[TEXT10] are removed where the event wants that, and quoted: %s', (_title, body, bodyHtml) => {
    const result = normalized({ body }, remove)
    expect(result.update.bodyHtml).toBe(bodyHtml)
    expect(notesOf(result, 'calls-to-action')[0]).toMatchObject({ before: expect.stringContaining(call) })
  })

  it('[TEXT10] are quoted with the address of their link', () => {
    const body = '<p>They met. <a href="https://a.b/c">Subscribe to our newsletter</a>.</p>'
    const result = normalized({ body, bodyFormat: 'html' }, remove)
    expect(result.update.bodyHtml).toBe('<p>They met.</p>')
    expect(notesOf(result, 'calls-to-action')[0]).toMatchObject({
      before: 'body: Subscribe to our newsletter. https://a.b/c',
    })
  })

  it('[TEXT10] stay when there is nothing else to read', () => {
    const result = normalizeUpdate(aSubmission({ body: `${call}\n\nStay tuned!` }, remove))
    expect(result.update.bodyText).toBe(`${call}\nStay tuned!`)
    expect(warningsOf(result)).toHaveLength(2)
  })
})
