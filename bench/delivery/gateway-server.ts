// Dateline's gateway as it runs where it is a process of its own.
import { run } from '../../src/main/gateway.ts'
import { answerCalls } from '../child-process.ts'
import { type UsageCalls, usage } from './usage.ts'

await run()
answerCalls<UsageCalls>(usage)
