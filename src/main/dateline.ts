#!/usr/bin/env node
// First of all: it only holds for what is loaded after it.
import './small-heap.ts'

import { readConfig, StartError } from '../foundation/config.ts'
import { runDateline } from './cli/command.ts'
import { tellBadEnvironment } from './cli/doctor/doctor.ts'
import { configWithRunningRedis } from './running-redis.ts'

// The first Ctrl-C ends what is being done and tells how far it came; a second one ends at once.
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))

const args = process.argv.slice(2)
const { stdin, stdout, stderr } = process
// NO_COLOR, FORCE_COLOR and what the terminal can do are looked at there.
const isColoured = stdout.isTTY === true && stdout.hasColors()

try {
  process.exitCode = await runDateline(args, {
    ...{ config: readConfig(process.env), configWithRedis: () => configWithRunningRedis(process.env) },
    ...{ stdin, stdout, stderr, isColoured, signal: interrupted.signal },
  })
} catch (error) {
  if (!(error instanceof Error && error.name === StartError.name)) throw error
  if (args[0] === 'doctor') {
    process.exitCode = tellBadEnvironment(error.message, args.includes('--json'), { stdout, isColoured })
  } else {
    stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
