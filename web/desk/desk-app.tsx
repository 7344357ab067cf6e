import { useMemo, useRef, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import { clockTime } from '../reading/times.ts'
import { useNow } from '../reading/use-now.ts'
import type { DeskIsland } from './desk-island.ts'
import { createDeskStorage } from './desk-storage.ts'
import { EventChoice } from './event-choice.tsx'
import { EventDesk } from './event-desk.tsx'
import { SignIn } from './sign-in.tsx'
import { readToken, type TokenOwner } from './token.ts'

/** Where this tab remembers its token, its open event and its own name. */
export interface DeskSession {
  readonly token: string | undefined
  readonly eventId: string | undefined
  readonly tab: string
  readonly keepToken: (token: string | undefined) => void
  readonly keepEvent: (eventId: string | undefined) => void
}

export interface DeskAppProps {
  readonly island: DeskIsland
  readonly client: DatelineClient
  readonly session: DeskSession
  readonly storage: Storage
}

const REFUSED =
  'The server does not accept this token: it is forged, expired or for another server. Ask for another one.'

/** The desk: signing in, choosing an event, and that event's desk. A token that ends takes nothing off the screen. */
export function DeskApp({ island, client, session, storage }: DeskAppProps) {
  const [token, setToken] = useState(session.token)
  const [tokenNumber, setTokenNumber] = useState(0)
  const [refused, setRefused] = useState<string>()
  const [eventId, setEventId] = useState(session.eventId)
  const nowMs = useNow(Date.now(), false)
  const lastOwner = useRef<TokenOwner | undefined>(undefined)

  const reading = token === undefined ? undefined : readToken(token, nowMs)
  if (reading?.fine === true) lastOwner.current = reading.owner
  const owner = lastOwner.current
  const fault = reading?.fine === false ? reading.fault : token !== undefined && refused === token ? REFUSED : undefined
  const pictureOrigins = useMemo(() => [...island.mediaOrigins, location.origin], [])

  const sign = (next: string | undefined) => {
    session.keepToken(next)
    client.setToken(next)
    setToken(next)
    setRefused(undefined)
    setTokenNumber(tokenNumber + 1)
    if (next === undefined) lastOwner.current = undefined
  }
  const choose = (next: string | undefined) => {
    session.keepEvent(next)
    setEventId(next)
  }
  const onTokenRefused = () => setRefused(token)

  return (
    <>
      <DeskBar owner={owner} signOut={() => sign(undefined)} />
      <main class="desk-page">
        {owner === undefined || fault !== undefined ? (
          <SignIn fault={fault} accept={sign} deed="Open the desk" />
        ) : null}
        {owner === undefined ? null : eventId === undefined ? (
          <EventChoice
            client={client}
            tokenNumber={tokenNumber}
            choose={choose}
            onTokenRefused={onTokenRefused}
            isEditor={owner.roles.includes('editor')}
          />
        ) : (
          <EventDesk
            key={`${owner.sub} ${eventId}`}
            client={client}
            eventId={eventId}
            storage={createDeskStorage({ storage, sub: owner.sub, eventId, tab: session.tab })}
            pictureOrigins={pictureOrigins}
            tokenNumber={tokenNumber}
            onTokenRefused={onTokenRefused}
            leave={() => choose(undefined)}
            isEditor={owner.roles.includes('editor')}
          />
        )}
      </main>
    </>
  )
}

function DeskBar({ owner, signOut }: { owner: TokenOwner | undefined; signOut: () => void }) {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <header class="bar">
      <div class="bar-inside">
        <a class="brand" href="/">
          Dateline <span class="brand-part">desk</span>
        </a>
        {owner === undefined ? null : (
          <p class="owner">
            <span>
              <b>{owner.name}</b> ({owner.roles.join(', ')}) until{' '}
              {clockTime(new Date(owner.expiresAtMs).toISOString(), zone, 'en')}
            </span>{' '}
            <button type="button" class="link" onClick={signOut}>
              Sign out
            </button>
          </p>
        )}
      </div>
    </header>
  )
}
