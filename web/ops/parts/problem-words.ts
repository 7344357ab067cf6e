import type { Problem } from '../../../src/protocol/problems.ts'

/** Pure: what is wrong, and what to do, in sentences. */
export function problemWords(problem: Problem): string {
  const { title, detail, errors } = problem
  const faults = errors?.map(({ pointer, detail: fault }) => `${pointer.replace(/^#\/?/, '') || 'all'}: ${fault}`)
  const what = faults !== undefined && faults.length > 0 ? faults.join(' ') : (detail ?? '')
  return [sentence(title), sentence(what), remedy(problem)].filter(text => text !== '').join(' ')
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

function remedy({ type, status, retry }: Problem): string {
  if (status === 0) return 'Look whether the server runs and whether this device is online.'
  if (status === 401) return 'Sign in with another token.'
  if (status === 403) return 'Sign in with a token that allows it.'
  if (type === '/problems/not-found' || type === '/problems/method-not-allowed')
    return 'Perhaps it is gone, or this server is of a version without it.'
  return retry ? 'Try it again in a moment.' : ''
}
