import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../src/foundation/logger.ts'
import { restAfterErrors } from '../../workers/rest-after-errors.ts'

describe('a worker', () => {
  it('[DEAD18] rests when Redis refuses it, and not for a job record that is no JSON', () => {
    const worker = Object.assign(new EventEmitter(), { pause: vi.fn(async () => undefined), resume: vi.fn() })
    const end = restAfterErrors(
      worker as unknown as Parameters<typeof restAfterErrors>[0],
      createLogger('silent', 'test'),
    )
    worker.emit('error', new SyntaxError('Unexpected end of JSON input'))
    expect(worker.pause).not.toHaveBeenCalled()
    worker.emit('error', new Error('MISCONF the disk is full'))
    expect(worker.pause).toHaveBeenCalledTimes(1)
    end()
  })
})
