/** A step broke: a bug, or input that nobody thought of. It names the step; `cause` is the error itself. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  readonly step: string

  constructor(step: string, cause: unknown) {
    super(`The step "${step}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.step = step
  }
}
