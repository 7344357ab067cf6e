import type { ComponentChildren } from 'preact'
import { render } from 'preact-render-to-string'
import { type Direction, languageDirection } from '../reading/direction.ts'

export interface DocumentNeeds {
  readonly title: string
  readonly description?: string
  /** BCP 47, of the page's main text; the direction follows from it. */
  readonly language: string
  /** Which /assets/<name>.css is linked. */
  readonly styles: 'viewer' | 'desk' | 'ops' | 'reference'
  /** Which /assets/<name>.js is loaded, if any. */
  readonly script?: 'viewer' | 'desk' | 'ops'
  /** Search engines are asked to stay away. */
  readonly unlisted?: boolean
  readonly head?: ComponentChildren
  readonly children: ComponentChildren
}

/** A whole page as text. Nothing inline is styled or run, so that the strictest content security policy holds. */
export function renderDocument(needs: DocumentNeeds): string {
  const direction: Direction = languageDirection(needs.language)
  return `<!doctype html>${render(
    <html lang={needs.language} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <title>{needs.title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {needs.description === undefined ? null : <meta name="description" content={needs.description} />}
        {needs.unlisted === true ? <meta name="robots" content="noindex" /> : null}
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={`/assets/${needs.styles}.css`} />
        {needs.script === undefined ? null : <script type="module" src={`/assets/${needs.script}.js`} />}
        {needs.head}
      </head>
      <body>{needs.children}</body>
    </html>,
  )}`
}
