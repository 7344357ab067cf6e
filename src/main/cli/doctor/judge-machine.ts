import { type Finding, fail, ok, warn } from './finding.ts'
import type { MachineFacts, PortFacts, SecretFacts } from './measure-machine.ts'

const OLDEST_NODE = [20, 19] as const
/** 32 random hexadecimal digits have more; what somebody typed or repeated has fewer. */
const FEWEST_CHARACTERS = 9

/** Pure: whether Dateline can run on this machine as it is set up. */
export function judgeMachine({ node, isProduction, secret, dataDir, ports }: MachineFacts): Finding[] {
  return [judgeNode(node), judgeSecret(secret), judgeDataDir(dataDir, isProduction), ...ports.map(judgePort)]
}

function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  if (!isOld) return ok('node', `Node ${version}.`)
  return fail(
    'node',
    `Node ${version} is too old.`,
    `Install Node ${OLDEST_NODE.join('.')} or newer, from https://nodejs.org`,
  )
}

function judgeSecret(secret: SecretFacts): Finding {
  const make =
    'Make one with: openssl rand -hex 32, and give every api and gateway the same. All tokens are then made anew.'
  switch (secret.from) {
    case 'environment':
      if (secret.distinctCharacters >= FEWEST_CHARACTERS) return ok('secret', 'JWT_SECRET is set.')
      return fail(
        'secret',
        'JWT_SECRET can be guessed: it is a few characters, repeated. Who guesses it is everybody.',
        make,
      )
    case 'file':
      if (!secret.isOpen) return ok('secret', `Tokens are signed with the secret of development in ${secret.path}.`)
      return fail('secret', `Others on this machine may read the secret in ${secret.path}.`, `chmod 600 ${secret.path}`)
    case 'nowhere':
      return ok('secret', 'There is no secret yet: the first start in development makes one.')
  }
}

/** Where the secret and the Redis come from elsewhere, nothing of what was accepted depends on it. */
function judgeDataDir({ path, refusal }: MachineFacts['dataDir'], isProduction: boolean): Finding {
  if (refusal === undefined) return ok('data-dir', `DATA_DIR, ${path}, can be written.`)
  const says = `DATA_DIR, ${path}, cannot be written (${refusal}).`
  const remedy = `Make it, and give it to the user of Dateline: chown <user> ${path}; or set DATA_DIR.`
  return isProduction ? warn('data-dir', says, remedy) : fail('data-dir', says, remedy)
}

function judgePort({ variable, port, use }: PortFacts): Finding {
  const check = variable === 'PORT' ? 'port' : 'metrics-port'
  switch (use) {
    case 'free':
      return ok(check, port === 0 ? `${variable} is 0: any free port.` : `Port ${port} (${variable}) is free.`)
    case 'Dateline':
      return ok(check, `Dateline listens on port ${port} (${variable}).`)
    case 'taken':
      return fail(
        check,
        `Another program listens on port ${port} (${variable}).`,
        `See which: ss -ltnp 'sport = :${port}'. End it, or set ${variable} to another one.`,
      )
    case 'not allowed':
      return fail(
        check,
        `This user may not listen on port ${port} (${variable}).`,
        `Set ${variable} to 1024 or higher, and let a proxy listen on the low one.`,
      )
  }
}
