import { updateAnchor } from '../reading/links.ts'

/** Whether the feed's start is in view, so that a new update moves nothing that is being read above it. */
export function isAtTop(): boolean {
  const heading = document.getElementById('updates')
  return heading === null || heading.getBoundingClientRect().top >= 0
}

export function onReachingTop(act: () => void): () => void {
  const listen = () => {
    if (isAtTop()) act()
  }
  addEventListener('scroll', listen, { passive: true })
  return () => removeEventListener('scroll', listen)
}

export function afterRender(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act))
}

export function showUpdate(updateId: string): void {
  const article = document.getElementById(updateAnchor(updateId))
  if (article === null) return
  history.replaceState(history.state, '', `#${updateAnchor(updateId)}`)
  article.scrollIntoView({ behavior: scrollBehavior(), block: 'start' })
  article.querySelector<HTMLElement>('.stamp-time')?.focus({ preventScroll: true })
}

/** To the newest update, with the keyboard too. */
export function showStart(): void {
  const heading = document.getElementById('updates')
  heading?.scrollIntoView({ behavior: scrollBehavior(), block: 'start' })
  heading?.focus({ preventScroll: true })
}

export function focusPlayer(): void {
  document.querySelector<HTMLElement>('.player-play')?.focus({ preventScroll: true })
}

/** For whoever used the player when it is about to go; nobody else is moved. */
export function leavePlayer(): void {
  if (!document.activeElement?.closest('.player')) return
  document.getElementById('updates')?.focus({ preventScroll: true })
}

function scrollBehavior(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'
}
