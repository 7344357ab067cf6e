import { useState } from 'preact/hooks'
import { Field, inputValue } from './field.tsx'
import { readToken } from './token.ts'

export interface SignInProps {
  readonly fault: string | undefined
  readonly accept: (token: string) => void
  /** What the button says. */
  readonly deed: string
}

/** Asks for a bearer token. What is wrong with the last one is said in a sentence. */
export function SignIn({ fault, accept, deed }: SignInProps) {
  const [typed, setTyped] = useState('')
  const [refused, setRefused] = useState<string>()
  return (
    <form
      class="sign-in card"
      aria-labelledby="sign-in"
      onSubmit={event => {
        event.preventDefault()
        const reading = readToken(typed, Date.now())
        if (reading.fine) accept(typed.trim())
        setRefused(reading.fine ? undefined : reading.fault)
      }}
    >
      <h1 id="sign-in">Sign in</h1>
      <Field
        label="Token"
        hint="A newsroom token, as text. It stays in this browser tab and goes to this server alone."
        fault={refused ?? fault}
      >
        {attributes => (
          <input
            {...attributes}
            type="text"
            name="token"
            autocomplete="off"
            spellcheck={false}
            required
            value={typed}
            onInput={event => setTyped(inputValue(event))}
          />
        )}
      </Field>
      <button class="primary" type="submit">
        {deed}
      </button>
    </form>
  )
}
