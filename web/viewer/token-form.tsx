import { useState } from 'preact/hooks'
import { readToken } from '../desk/token.ts'

/** Asks for a newsroom token; one that is of no use is named in a sentence. */
export function TokenForm({ take }: { take: (token: string) => void }) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string>()
  return (
    <form
      class="token-form"
      onSubmit={submit => {
        submit.preventDefault()
        const reading = readToken(typed, Date.now())
        setFault(reading.fine ? undefined : reading.fault)
        if (reading.fine) take(typed.trim())
      }}
    >
      <label for="token">Token of an editor or of ops</label>
      <input
        id="token"
        type="text"
        name="token"
        autocomplete="off"
        spellcheck={false}
        required
        aria-describedby="token-fault"
        aria-invalid={fault !== undefined}
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      <p id="token-fault" class="token-fault" role="status">
        {fault ?? ''}
      </p>
      <button class="primary" type="submit">
        Join the rehearsal
      </button>
    </form>
  )
}
