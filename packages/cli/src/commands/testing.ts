// `postern testing …`: a server that was started for tests (`up --testing`), for suites that are written in no
// JavaScript. Each command is one operation of the door that docs/testing.md tells of.

import type { Client } from '@postern/contract/client'
import type { Command, Leaf } from '../core/command.ts'
import { output } from '../core/global-flags.ts'
import { sentence } from '../print/template.ts'
import { durationProblem, msOf } from './testing/duration.ts'

/** Nothing is given, and all there is to say is that it is done. */
const plain = (
  leaf: Pick<Leaf, 'word' | 'aliases' | 'short' | 'long'>,
  call: (client: Client) => Promise<unknown>,
  done: string,
): Leaf => ({
  ...leaf,
  role: 'Organization Owner',
  async run(context) {
    await call(await context.client())
    context.say(done)
  },
})

const reset = plain(
  {
    word: 'reset',
    short:
      'Put everything back to the seed: projects, endpoints, clusters with their data and users, time; faults are cleared.',
  },
  (client) => client.call('resetTesting'),
  'Everything is as the seed has it',
)

const advance: Leaf = {
  word: 'advance',
  short: 'Let time pass at once; done when all that became due in it is done.',
  role: 'Organization Owner',
  args: [{ name: 'duration', usage: 'Such as 500ms, 30s, 5m, 2h or 1d.', problem: durationProblem }],
  flags: [output],
  examples: [['What takes the cloud a minute is done:', 'testing advance 1m']],
  async run(context) {
    const { body } = await (await context.client()).call('advanceTestingClock', {
      body: { ms: msOf(context.arg('duration')) },
    })
    await context.print(
      body,
      sentence(() => `It is ${body.now}`),
    )
  },
}

const keepSeed = plain(
  {
    word: 'keepSeed',
    aliases: ['keep-seed', 'keepseed'],
    short: 'Keep what is there now as the seed that reset goes back to.',
    long: '`up --testing` has kept what was there when it was ready.',
  },
  (client) => client.call('keepTestingSeed'),
  'The seed is what is there now',
)

const stop = plain(
  {
    word: 'stop',
    short: 'Stop the server, and `postern up` with all that it started.',
  },
  (client) => client.call('stopTesting'),
  'It stops',
)

export const testing: readonly Command[] = [
  reset,
  advance,
  {
    word: 'faults',
    aliases: ['fault'],
    short: 'Make things fail: a cloud that refuses, a region that is full, a member that dies.',
    load: async () => (await import('./testing/faults.ts')).faultCommands,
  },
  keepSeed,
  stop,
]
