import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Lifecycle } from '../../src/foundation/lifecycle.ts'
import { clockMs } from '../clock.ts'
import { onCore } from '../cores.ts'
import { addCrowd, type Contender, lineOf, messageOf } from './contenders.ts'
import { type Ground, print } from './ground.ts'

export interface NchanOptions {
  /** The program. */
  readonly nginx: string
  /** Where its module nchan is: the package libnginx-mod-nchan of Debian has it. */
  readonly nchan: string
}

const LISTENS_WITHIN_MS = 5_000
const run = promisify(execFile)

/** nginx with nchan on one core, in front of viewers of its own; undefined, with a sentence, where it is not installed. */
export async function startNchan(
  { nginx, nchan }: NchanOptions,
  { dir, serverCore, loadCore, program }: Ground,
  lifecycle: Lifecycle,
): Promise<Contender | undefined> {
  const isThere = await run(nginx, ['-v']).then(
    () => existsSync(nchan),
    () => false,
  )
  if (!isThere) {
    print(`nchan is left out: there is no ${nginx} with ${nchan} here. Debian has it in libnginx-mod-nchan.`)
    return undefined
  }
  const port = await freePort()
  const file = join(dir, 'nginx.conf')
  await writeFile(file, configOf({ dir, nchan, port }))
  const [command, ...args] = onCore(serverCore, [nginx, '-c', file, '-p', dir, '-e', join(dir, 'nginx.log')])
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => {
    said += String(chunk)
  })
  const exited = once(child, 'exit')
  lifecycle.add({
    name: 'nchan',
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  lifecycle.add({ name: 'publisher', stop: async () => agent.destroy() })
  const url = `http://127.0.0.1:${port}`
  await untilListens(url, () => said)
  let messages: string[] = []
  return {
    name: 'nchan',
    door: { kind: 'websocket', url: `ws://127.0.0.1:${port}/sub` },
    crowd: addCrowd(program, loadCore, lifecycle),
    async prepare(from, to, messageBytes) {
      messages = []
      for (let number = from; number <= to; number++) messages[number] = messageOf(lineOf(number, messageBytes))
    },
    async send(from, to) {
      const began = clockMs()
      for (let number = from; number <= to; number++) await post(`${url}/pub`, messages[number] ?? '', agent)
      return began
    },
    cpuUs: async () => undefined,
  }
}

function configOf({ dir, nchan, port }: { dir: string; nchan: string; port: number }): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `  ${name}_temp_path ${dir}/${name};`,
  )
  return `load_module ${nchan};
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${dir}/nginx.pid;
events { worker_connections 19000; }
http {
  access_log off;
${folders.join('\n')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /pub { nchan_publisher; nchan_channel_id talks; nchan_message_buffer_length 1; }
    location = /sub { nchan_subscriber websocket; nchan_channel_id talks; nchan_subscriber_first_message newest; }
  }
}
`
}

async function untilListens(url: string, said: () => string): Promise<void> {
  const deadline = clockMs() + LISTENS_WITHIN_MS
  for (;;) {
    const listens = await fetch(url).then(
      () => true,
      () => false,
    )
    if (listens) return
    if (clockMs() > deadline) throw new Error(`nginx does not listen: ${said()}`)
    await sleep(50)
  }
}

function post(url: string, text: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(text) } },
      answer => {
        answer.on('error', reject).on('end', () => {
          const { statusCode = 0 } = answer
          if (statusCode < 300) resolve()
          else reject(new Error(`nchan answered with ${statusCode}`))
        })
        answer.resume()
      },
    )
    sent.on('error', reject).end(text)
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
