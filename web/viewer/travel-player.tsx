import { useState } from 'preact/hooks'
import type { PlaybackState } from '../../src/client/playing.ts'
import type { Reader } from '../reading/reader.ts'
import { momentWords, sameDay } from './moment-words.ts'
import { placeHref } from './page-mode.ts'
import { type Scrubber, withinScrubber } from './scrubber.ts'

/** The speeds that a reader is offered. */
export const SPEEDS = [1, 2, 5, 10, 30, 60] as const

const MINUTE_MS = 60_000

export interface TravelPlayerProps {
  readonly eventId: string
  readonly reader: Reader
  readonly state: PlaybackState
  /** Undefined until it is known how long the coverage was. */
  readonly scrubber: Scrubber | undefined
  /** The moment that is shown, in ms since 1970. */
  readonly feedMs: number
  readonly speed: number
  /** Updates that came live meanwhile. */
  readonly newSince: number
  readonly deeds: {
    readonly togglePlay: () => void
    readonly seek: (ms: number, isLast: boolean) => void
    readonly setSpeed: (speed: number) => void
    readonly backToLive: () => void
  }
}

/** At the foot of the window: chooses a moment, plays on from it, and leads back to live. */
export function TravelPlayer(props: TravelPlayerProps) {
  const { eventId, reader, state, feedMs, speed, newSince, deeds } = props
  const isPlaying = state.name === 'playing' || state.name === 'live'
  return (
    <section class="player" aria-label="As it happened" lang="en" dir="ltr">
      <div class="player-inside">
        <button type="button" class="player-play" aria-disabled={!canPlay(state)} onClick={deeds.togglePlay}>
          <span class={isPlaying ? 'player-icon is-pause' : 'player-icon'} aria-hidden="true" />
          <span>{isPlaying ? 'Pause' : 'Play'}</span>
        </button>
        <MomentInput {...props} />
        <div class="player-line">
          <label class="player-speed">
            <span>Speed</span>
            <select value={String(speed)} onChange={event => deeds.setSpeed(Number(event.currentTarget.value))}>
              {SPEEDS.map(each => (
                <option key={each} value={String(each)}>
                  {each}×
                </option>
              ))}
            </select>
          </label>
          <MomentLink href={placeHref(eventId, new Date(feedMs).toISOString())} key={Math.floor(feedMs / 1_000)} />
          <span class="player-said" role="status">
            {stateWords(state)}
          </span>
          <button type="button" class="primary player-live" onClick={deeds.backToLive}>
            {newSince === 0 ? '' : <span class="player-new">{newSince} new since</span>}
            <span>Back to live</span>
          </button>
        </div>
      </div>
      <span class="hidden-text">{reader.ownZone === undefined ? '' : 'Times by your clock.'}</span>
    </section>
  )
}

function MomentInput({ reader, scrubber, feedMs, deeds }: TravelPlayerProps) {
  const { minMs, maxMs, stepMs } = scrubber ?? { minMs: feedMs, maxMs: feedMs + 1, stepMs: 1 }
  const zone = reader.ownZone ?? reader.zone
  const isOneDay = sameDay(minMs, maxMs, zone)
  const words = (ms: number) => momentWords(ms, reader, { isOneDay, stepMs: scrubber?.stepMs ?? MINUTE_MS })
  const now = words(feedMs)
  const both = now.there === undefined ? now.own : `${now.own}, ${now.there}`
  const seek = (input: HTMLInputElement, isLast: boolean) => deeds.seek(Number(input.value), isLast)
  return (
    <div class="player-scrub">
      <output class="player-time" htmlFor="moment">
        <b>{now.own}</b>
        {now.there === undefined ? null : <span>{now.there}</span>}
      </output>
      <input
        id="moment"
        type="range"
        aria-label="Moment"
        aria-valuetext={both}
        min={minMs}
        max={maxMs}
        step={stepMs}
        value={withinScrubber({ minMs, maxMs, stepMs }, feedMs)}
        disabled={scrubber === undefined}
        onInput={event => seek(event.currentTarget, false)}
        onChange={event => seek(event.currentTarget, true)}
      />
      <span class="player-ends" aria-hidden="true">
        <span>{words(minMs).own}</span>
        <span>{words(maxMs).own}</span>
      </span>
    </div>
  )
}

/** The address of this moment; where the browser lets it, a press copies it. */
function MomentLink({ href }: { href: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <a
      class="player-link"
      href={href}
      onClick={press => {
        if (press.metaKey || press.ctrlKey || press.shiftKey || navigator.clipboard === undefined) return
        press.preventDefault()
        const done = () => setCopied(true)
        // Where copying is forbidden, the link is opened as any other one.
        navigator.clipboard.writeText(new URL(href, location.href).href).then(done, () => location.assign(href))
      }}
    >
      {copied ? 'Link copied' : 'Link to this moment'}
    </a>
  )
}

function canPlay({ name }: PlaybackState): boolean {
  return name === 'playing' || name === 'paused'
}

function stateWords(state: PlaybackState): string {
  switch (state.name) {
    case 'waiting':
      return 'Connection lost. Trying again…'
    case 'refused':
      return `This moment cannot be shown: ${state.problem.detail ?? state.problem.title}`
    default:
      return ''
  }
}
