import { extname } from 'node:path'
import slugify from '@sindresorhus/slugify'
import { createClient } from '../../client/index.ts'
import type { ArticleImport } from '../../protocol/article.ts'
import { developmentToken, EXIT, readBytes } from '../command-line.ts'
import { readPage } from '../page-file.ts'
import { BriefingError, decodeText } from '../play/decode-text.ts'
import { briefingOf } from '../play/page.ts'
import { playBriefing } from '../play/play-briefing.ts'
import { hasLanded, summaryOf } from '../play/summary.ts'
import type { CliContext } from './command.ts'
import { pageText } from './page-text.ts'

export interface ImportOptions {
  readonly language?: string
  readonly zone?: string
  readonly json?: true
  readonly post?: true
  readonly event?: string
  readonly url: string
  readonly token?: string
}

/** `import-article FILE`: resolves with the exit code. Throws BriefingError, UsageError and ProblemError. */
export async function importPage(path: string, options: ImportOptions, context: CliContext): Promise<number> {
  const { config, stdout } = context
  const { language: inLanguage, zone: timeZone } = options
  const content = decodeText(await readBytes(config, path))
  const isHtml = ['.html', '.htm'].includes(extname(path).toLowerCase())
  const page = readPage(content, { isHtml, inLanguage, timeZone }, new Date())
  if (!page.ok) throw new BriefingError(page.fault)
  stdout.write(options.json === true ? `${JSON.stringify(page.article, undefined, 2)}\n` : pageText(page.article))
  return options.post === true ? await post(page.article, options, context) : EXIT.done
}

/** At once: the interval of the drafts is of no interest here. */
const AT_ONCE = 1e12

async function post(article: ArticleImport, options: ImportOptions, context: CliContext): Promise<number> {
  const { config, stderr, signal } = context
  const briefing = briefingOf(article)
  const eventId = options.event ?? article.event.id ?? (slugify(article.event.headline).slice(0, 64) || 'article')
  const token = options.token ?? (await developmentToken(config, 'Import'))
  const { gatewayUrl } = config.pages
  const client = createClient({ url: options.url, token, ...(gatewayUrl === undefined ? {} : { gatewayUrl }) })
  const now = () => performance.now()
  const startedAt = now()
  try {
    const identity = new TextEncoder().encode(briefing.identity)
    const onSent = () => undefined
    const played = await playBriefing({ client, briefing, identity, eventId, speed: AT_ONCE, signal, onSent, now })
    // stdout has the drafts, and may be read by a program.
    stderr.write(summaryOf(played, now() - startedAt, options.url))
    return hasLanded(played) ? EXIT.done : EXIT.notDone
  } finally {
    client.close()
  }
}
