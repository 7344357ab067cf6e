import { Command, InvalidArgumentError } from 'commander'
import { type BurstOptions, benchBurst } from './delivery/burst.ts'
import { benchFanout, type FanoutOptions } from './delivery/fanout.ts'
import { benchMemory, type MemoryOptions } from './delivery/memory.ts'
import { benchSse } from './delivery/sse.ts'
import { benchStorm, type StormOptions } from './delivery/storm.ts'
import type { TurnsOptions } from './delivery/turn.ts'
import { benchNormalize, type NormalizeOptions } from './normalize.ts'
import { benchPipeline, type PipelineOptions } from './pipeline.ts'
import { benchReplay, type ReplayOptions } from './replay.ts'

const program = new Command('bench').description(
  'Benchmarks. Each gets what it needs by itself, and prints one JSON object as its last line.',
)

program
  .command('pipeline')
  .description('One update from the POST to the last viewer, beside the least that the same way can cost.')
  .option('--viewers <n>', 'viewers of the one event', wholeNumber(1, 10_000), 1_000)
  .option('--rate <n>', 'updates a second', wholeNumber(1, 100), 10)
  .option('--rounds <n>', 'rounds for each of the two, taking turns', wholeNumber(1, 100), 5)
  .option('--seconds <n>', 'measured seconds in a round', wholeNumber(1, 600), 6)
  .action((options: PipelineOptions) => benchPipeline(options))

program
  .command('normalize')
  .description('All cleaning steps on one text after the other, beside markdown-it and sanitize-html alone.')
  .option('--rounds <n>', 'rounds for each of the two, taking turns', wholeNumber(1, 100), 7)
  .option('--ms <n>', 'milliseconds of one turn', wholeNumber(1, 60_000), 700)
  .option('--seeds <n>', 'how many of the worst inputs are tried', wholeNumber(1, 10_000), 10_000)
  .option('--file <path>', 'a live blog as JSON, or NDJSON, beside the samples: the absolute path')
  .action((options: NormalizeOptions) => benchNormalize(options))

program
  .command('replay')
  .description('A long feed replayed at full speed, beside reading its stream alone, and a live room beside it.')
  .option('--entries <n>', 'entries of the feed', wholeNumber(100, 10_000_000), 100_000)
  .option('--rounds <n>', 'rounds, in which all take turns', wholeNumber(1, 100), 5)
  .option('--viewers <n>', 'viewers of the live room', wholeNumber(1, 10_000), 100)
  .option('--rate <n>', 'live updates a second', wholeNumber(1, 100), 40)
  .option('--seconds <n>', 'measured seconds of the live room alone, and beside the replay', wholeNumber(1, 600), 6)
  .action((options: ReplayOptions) => benchReplay(options))

program
  .command('fanout')
  .description('One update to all viewers of a room, beside Socket.IO as it comes, raw websockets, and nchan.')
  .option('--viewers <n>', 'viewers of each', wholeNumber(1, 15_000), 5_000)
  .option('--rounds <n>', 'rounds, in which all take turns', wholeNumber(1, 100), 7)
  .option('--times <n>', 'updates of each in a round', wholeNumber(1, 10_000), 50)
  .option('--nginx <path>', 'the program nginx', 'nginx')
  .option('--nchan <path>', 'its module nchan', '/usr/lib/nginx/modules/ngx_nchan_module.so')
  .action((options: FanoutOptions) => benchFanout(options))

program
  .command('burst')
  .description('Several updates at once to all viewers, beside raw websockets that are given each by itself.')
  .option('--viewers <n>', 'viewers of each', wholeNumber(1, 15_000), 5_000)
  .option('--rounds <n>', 'rounds, in which both take turns', wholeNumber(1, 100), 7)
  .option('--times <n>', 'bursts of each in a round', wholeNumber(1, 10_000), 20)
  .option('--updates <n>', 'updates in a burst', wholeNumber(1, 100), 10)
  .action((options: BurstOptions) => benchBurst(options))

program
  .command('storm')
  .description('All viewers come at once, from their position or to a snapshot, beside bare connects to Socket.IO.')
  .option('--viewers <n>', 'viewers of each', wholeNumber(2, 15_000), 5_000)
  .option('--rounds <n>', 'rounds, in which both take turns', wholeNumber(1, 100), 7)
  .action((options: StormOptions) => benchStorm(options))

program
  .command('memory')
  .description('What an idle viewer costs in memory, beside Socket.IO as it comes and raw websockets.')
  .option('--viewers <n>', 'viewers of each', wholeNumber(10, 15_000), 10_000)
  .option('--rounds <n>', 'rounds, in which all take turns', wholeNumber(1, 100), 5)
  .action((options: MemoryOptions) => benchMemory(options))

program
  .command('sse')
  .description('One update to all event streams of a room, beside res.write of node:http for each.')
  .option('--viewers <n>', 'viewers of each', wholeNumber(1, 15_000), 5_000)
  .option('--rounds <n>', 'rounds, in which both take turns', wholeNumber(1, 100), 7)
  .option('--times <n>', 'updates of each in a round', wholeNumber(1, 10_000), 50)
  .action((options: TurnsOptions) => benchSse(options))

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const number = Number(text)
    if (!Number.isInteger(number) || number < min || number > max) {
      throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`)
    }
    return number
  }
}
