// The commands that only this package has, in the command line's own table: they are parsed and helped like the rest,
// and each loads its program only when it is run.

import type { Command } from '@postern/cli/core/command'
import { upFlags, upOptions } from './up/flags.ts'

/** Programs that read the environment, say when they are ready and stop on SIGTERM, SIGINT or their parent's end. */
const program = (word: string, short: string, main: () => Promise<number | undefined> | Promise<void>): Command => ({
  word,
  short,
  run: async () => {
    try {
      return (await main()) ?? 0
    } catch (error) {
      // A supervisor reads this; at a terminal the message on stderr says the same.
      process.send?.({ failed: { message: (error as Error).message } })
      throw error
    }
  },
})

export const programCommands: readonly Command[] = [
  {
    word: 'up',
    short: 'Start everything on this machine: control plane, gateway, DNS, local cloud and a sandbox cluster.',
    flags: upFlags,
    examples: [
      ['Start and print what a newcomer needs', 'up'],
      ['In a test suite: nothing is kept, one JSON line when ready', 'up --ephemeral --json'],
    ],
    run: async (context) => {
      const { up } = await import('./up/up.ts')
      await up(upOptions(typed(context), context.io.env), context.io)
    },
  },
  {
    word: 'quickstart',
    short: 'Make the whole private-endpoint journey on this machine, with the official driver, and clean up.',
    long:
      'For AWS, Azure and both forms of GCP on one cluster: endpoint service, consumer endpoint, connection string, write\n' +
      'and read back; then terminate: the live connection ends and the next one is refused.',
    run: async (context) => {
      const { quickstart } = await import('./quickstart/quickstart.ts')
      const words = new Set(['ephemeral', 'no-sample'])
      // One cluster through doors in every cloud is what Atlas does not have.
      const ours = { POSTERN_PORT: '0', POSTERN_DATABASE_URL: undefined, POSTERN_FIDELITY: 'postern' }
      const env = { ...context.io.env, ...ours }
      return quickstart(upOptions({ optional: () => undefined, isOn: (name) => words.has(name) }, env), context.io)
    },
  },
  program('server', 'Run the control plane: the API and the store.', async () =>
    (await import('@postern/control-plane/main')).serverMain(process.env),
  ),
  program('gateway', 'Run the gateway alone, following a control plane.', async () =>
    (await import('@postern/edge/main')).edgeMain({ ...process.env, POSTERN_EDGE_PROGRAMS: 'gateway' }),
  ),
  program('dns', 'Run the DNS server alone, following a control plane.', async () =>
    (await import('@postern/edge/main')).edgeMain({ ...process.env, POSTERN_EDGE_PROGRAMS: 'dns' }),
  ),
  program('edge', 'Run gateway, DNS server and the local cloud’s forwarder in one process.', async () =>
    (await import('@postern/edge/main')).edgeMain(process.env),
  ),
  program('sandbox', 'Run the sandbox: small replica sets for trying out and for tests.', async () =>
    (await import('./sandbox/main.ts')).sandboxMain(process.env),
  ),
]

const typed = (context: { optional(name: string): string | undefined; isOn(name: string): boolean }) => ({
  optional: (name: string) => context.optional(name),
  isOn: (name: string) => context.isOn(name),
})
