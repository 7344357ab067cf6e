import { pino } from 'pino'
import { isSafeHtml } from '../../src/main/safe-html.ts'
import { restoreEvent } from '../../src/ops/archive/restore-event.ts'
import { type StoreEventNeeds, storeEvent } from '../../src/ops/archive/store-event.ts'
import type { TestServer } from './server.ts'

/** Moves events of a server into its archive store, and back. */
export function storingOf(server: TestServer, over: Partial<StoreEventNeeds> = {}) {
  const needs = { ...server.store, isSafeHtml, log: pino({ level: 'silent' }), ...over }
  const who = { by: { sub: 'olga', name: 'Olga Ops' }, requestId: 'test' }
  return {
    store: (eventId: string) => storeEvent(needs, eventId, who),
    restore: (eventId: string) => restoreEvent(needs, eventId, who),
  }
}
