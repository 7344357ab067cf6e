import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import { SignIn } from '../desk/sign-in.tsx'
import { readToken, type TokenOwner } from '../desk/token.ts'
import { useNow } from '../reading/use-now.ts'
import { Console } from './console.tsx'
import { createOpsApi } from './ops-api.ts'
import { OpsBar } from './ops-bar.tsx'
import { type Place, readHash } from './place.ts'

/** Where this tab remembers its token. */
export interface OpsSession {
  readonly token: string | undefined
  readonly keepToken: (token: string | undefined) => void
}

export interface OpsAppProps {
  readonly client: DatelineClient
  readonly session: OpsSession
}

const REFUSED =
  'The server does not accept this token: it is forged, expired or for another server. Ask for another one.'
const NOT_OPS = 'This token has not the role ops, which the console needs. Ask for another one.'

/** The ops console: signing in, and then what is chosen by the address. A token that ends takes nothing off the screen. */
export function OpsApp({ client, session }: OpsAppProps) {
  const [token, setToken] = useState(session.token)
  const [refused, setRefused] = useState<string>()
  const place = usePlace()
  const nowMs = useNow(Date.now(), false)
  const lastOwner = useRef<TokenOwner | undefined>(undefined)
  const current = useRef(token)
  current.current = token

  const api = useMemo(() => {
    const onRefused = () => setRefused(current.current)
    return createOpsApi({ url: location.origin, token: () => current.current, onRefused })
  }, [])
  const reading = token === undefined ? undefined : readToken(token, nowMs)
  if (reading?.fine === true && reading.owner.roles.includes('ops')) lastOwner.current = reading.owner
  const owner = lastOwner.current

  const sign = (next: string | undefined) => {
    session.keepToken(next)
    client.setToken(next)
    current.current = next
    setToken(next)
    setRefused(undefined)
    if (next === undefined) lastOwner.current = undefined
  }
  const signOut = () => {
    // Where it does not arrive, what is open to this browser ends by itself soon.
    void Promise.allSettled([api.closeSession()])
    sign(undefined)
  }
  const fault = faultOf(reading, refused !== undefined && refused === token)

  return (
    <>
      <OpsBar owner={owner} place={place} signOut={signOut} />
      <main class="ops-page" id="main" tabIndex={-1}>
        {owner === undefined || fault !== undefined ? (
          <SignIn fault={fault} accept={sign} deed="Open the console" />
        ) : null}
        {owner === undefined ? null : (
          <Console api={api} client={client} place={place} owner={owner} token={token} nowMs={nowMs} />
        )}
      </main>
    </>
  )
}

function faultOf(reading: ReturnType<typeof readToken> | undefined, isRefused: boolean): string | undefined {
  if (reading === undefined) return undefined
  if (!reading.fine) return reading.fault
  if (!reading.owner.roles.includes('ops')) return NOT_OPS
  return isRefused ? REFUSED : undefined
}

/** What the address names, followed as it changes. */
function usePlace(): Place {
  const [place, setPlace] = useState(() => readHash(location.hash).place)
  useEffect(() => {
    const follow = () => {
      const { token, place: next } = readHash(location.hash)
      // Whoever pastes an address with a token into this tab begins anew with that, and it leaves the address.
      if (token === undefined) setPlace(next)
      else location.reload()
    }
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return place
}
