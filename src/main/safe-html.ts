import { keepSafe } from '../../workers/normalize/body/html-policy.ts'

/** Whether readers may be given this HTML: what the workers' last gate lets through unchanged. */
export function isSafeHtml(html: string): boolean {
  return keepSafe(html) === html
}
