const WIDTH = 100

/** Pure: in one line, without what could change the terminal. */
export function oneLine(text: string): string {
  return harmless(text.replace(/\s+/g, ' ').trim())
}

/** Pure: indented lines cut on words, line ends kept, without what could change the terminal. A long word stays whole. */
export function wrapped(text: string, indent: string): string[] {
  return text.split('\n').flatMap(paragraph => {
    const cut = ['']
    for (const word of oneLine(paragraph).split(' ')) {
      const last = cut.at(-1) ?? ''
      if (last !== '' && indent.length + last.length + 1 + word.length > WIDTH) cut.push(word)
      else cut[cut.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return cut.map(line => (line === '' ? '' : `${indent}${line}`))
  })
}

/** Pure: rows as columns, two spaces apart; the last one is as long as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), [])
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return rows.map(row => `${line(row).trimEnd()}\n`).join('')
}

/** SGR codes: how each is begun, and ended. */
const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const

export type Paint = (style: keyof typeof STYLES, text: string) => string

export function painter(isColoured: boolean): Paint {
  return (style, text) => {
    const [begin, end] = STYLES[style]
    return isColoured ? `\u001b[${begin}m${text}\u001b[${end}m` : text
  }
}

/** Control characters, and those that turn the direction of what is around them. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '·')
}
