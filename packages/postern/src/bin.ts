// The one program: the words of its own programs here, every other word is the command line's. Each loads only what it
// needs, so that a client command stays quick.

const programs: Readonly<Record<string, (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>>> = {
  up: async (argv, env) => (await import('./up/up.ts')).up(argv, env),
  quickstart: async (argv, env) => (await import('./quickstart/quickstart.ts')).quickstart(argv, env),
}

const [word = '', ...rest] = process.argv.slice(2)
const program = Object.hasOwn(programs, word) ? programs[word] : undefined
if (program !== undefined) process.exit(await program(rest, process.env))
