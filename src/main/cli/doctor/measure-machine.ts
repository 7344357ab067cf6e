import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { access, constants, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../../../foundation/config.ts'

export interface MachineFacts {
  /** Such as `20.19.0`. */
  readonly node: string
  readonly isProduction: boolean
  readonly secret: SecretFacts
  readonly dataDir: { readonly path: string; readonly refusal: string | undefined }
  readonly ports: readonly PortFacts[]
}

export type SecretFacts =
  | { readonly from: 'environment'; readonly distinctCharacters: number }
  /** The one of development, in a file that only its owner should read. */
  | { readonly from: 'file'; readonly path: string; readonly isOpen: boolean }
  | { readonly from: 'nowhere' }

export interface PortFacts {
  readonly variable: 'PORT' | 'METRICS_PORT'
  readonly port: number
  readonly use: 'free' | 'Dateline' | 'taken' | 'not allowed'
}

/** What a port of Dateline answers with, when it is Dateline that listens there. */
const PROBES = {
  PORT: { path: '/healthz', mark: '"status":"ok"' },
  METRICS_PORT: { path: '/metrics', mark: 'dateline_' },
} as const
const ANSWER_MS = 2_000

type Settings = Pick<Config, 'environment' | 'auth' | 'http' | 'metrics'>

/** Looks at this machine; leaves nothing behind. Never throws for what it finds. */
export async function measureMachine({ environment, auth, http, metrics }: Settings): Promise<MachineFacts> {
  const ports = [lookAtPort('PORT', http.port, http.host)]
  if (metrics.port !== undefined) ports.push(lookAtPort('METRICS_PORT', metrics.port, http.host))
  return {
    node: process.versions.node,
    isProduction: environment === 'production',
    secret: await lookAtSecret(auth),
    dataDir: { path: resolve(auth.dataDir), refusal: await refusalOf(resolve(auth.dataDir)) },
    ports: await Promise.all(ports),
  }
}

async function lookAtSecret({ secret, dataDir }: Config['auth']): Promise<SecretFacts> {
  if (secret !== undefined) return { from: 'environment', distinctCharacters: new Set(secret).size }
  const path = resolve(dataDir, 'jwt-secret')
  return stat(path).then(
    ({ mode }) => ({ from: 'file', path, isOpen: (mode & 0o077) !== 0 }),
    () => ({ from: 'nowhere' }),
  )
}

/** Why nothing can be written there, or undefined. A folder that is not there is made by those who need it. */
async function refusalOf(folder: string): Promise<string | undefined> {
  const probe = join(folder, `.doctor-${randomUUID()}`)
  try {
    await writeFile(probe, '')
    await rm(probe)
    return undefined
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') return code
    const parent = dirname(folder)
    if (parent === folder) return code
    return await access(parent, constants.W_OK | constants.X_OK).then(
      () => undefined,
      () => refusalOf(parent),
    )
  }
}

async function lookAtPort(variable: PortFacts['variable'], port: number, host: string): Promise<PortFacts> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return { variable, port, use: 'free' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return { variable, port, use: 'not allowed' }
    return { variable, port, use: (await isDateline(variable, port, host)) ? 'Dateline' : 'taken' }
  } finally {
    server.close()
  }
}

async function isDateline(variable: PortFacts['variable'], port: number, host: string): Promise<boolean> {
  const { path, mark } = PROBES[variable]
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  try {
    const answer = await fetch(`http://${name}:${port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) })
    return (await answer.text()).includes(mark)
  } catch {
    return false
  }
}
