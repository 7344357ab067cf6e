import type { TokenOwner } from '../desk/token.ts'
import { clockTime } from '../reading/times.ts'
import { type Place, placeHref } from './place.ts'

const VIEWS: readonly { readonly place: Place; readonly name: string }[] = [
  { place: { view: 'now' }, name: 'Now' },
  { place: { view: 'dead-letters' }, name: 'Dead letters' },
  { place: { view: 'trail' }, name: 'Trail' },
]

export interface OpsBarProps {
  readonly owner: TokenOwner | undefined
  readonly place: Place
  readonly signOut: () => void
}

/** The console's name, its views, and whose it is. */
export function OpsBar({ owner, place, signOut }: OpsBarProps) {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <>
      {/* No link: the hash says what is shown, and stays as it is. */}
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <div class="bar-inside">
          <a class="brand" href="/">
            Dateline <span class="brand-part">ops</span>
          </a>
          {owner === undefined ? null : (
            <>
              <nav class="views" aria-label="Console">
                {VIEWS.map(({ place: to, name }) => (
                  <a key={to.view} href={placeHref(to)} aria-current={to.view === place.view ? 'page' : undefined}>
                    {name}
                  </a>
                ))}
              </nav>
              <p class="owner">
                <span>
                  <b>{owner.name}</b> ({owner.roles.join(', ')}) until{' '}
                  {clockTime(new Date(owner.expiresAtMs).toISOString(), zone, 'en')}
                </span>{' '}
                <button type="button" class="link" onClick={signOut}>
                  Sign out
                </button>
              </p>
            </>
          )}
        </div>
      </header>
    </>
  )
}
