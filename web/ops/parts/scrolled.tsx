import type { ComponentChildren } from 'preact'

/** What may be wider than the screen: it scrolls by itself, by keyboard too. */
export function Scrolled({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, who has no mouse cannot scroll it.
    <section class="scrolled" aria-label={`${label}, as a table`} tabIndex={0}>
      {children}
    </section>
  )
}
