/** Why something cannot start, as a sentence that says what to do: it is shown without a stack. */
export class StartError extends Error {
  name = 'StartError'
}
