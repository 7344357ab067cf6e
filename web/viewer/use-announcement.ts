import { useEffect, useRef, useState } from 'preact/hooks'
import type { Update } from '../../src/protocol/update.ts'
import { announceInMs, announcementFor } from '../reading/announcement.ts'

/** The sentence that screen readers are told now, and what takes in the updates that came. */
export function useAnnouncement(zone: string, language: string): [string, (arrived: readonly Update[]) => void] {
  const [sentence, setSentence] = useState('')
  const waiting = useRef<Update[]>([])
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const spokenMs = useRef<number | undefined>(undefined)

  useEffect(() => () => clearTimeout(timer.current), [])

  const speak = () => {
    timer.current = undefined
    spokenMs.current = Date.now()
    setSentence(announcementFor(waiting.current, zone, language) ?? '')
    waiting.current = []
  }
  return [
    sentence,
    arrived => {
      if (arrived.length === 0) return
      waiting.current.push(...arrived)
      timer.current ??= setTimeout(speak, announceInMs(spokenMs.current, Date.now()))
    },
  ]
}
