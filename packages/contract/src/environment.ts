// Settings of a program, read from the variables of its environment: each is parsed once, and everything that is wrong is
// said at once, each sentence beginning with its variable. Which variables there are, every program says in its config.ts.

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything that is wrong with the environment, a sentence a line, each beginning with its variable. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Thrown by a parser; `read` puts the variable's name before it. */
class Problem extends Error {}

/** For parsers: what is wrong with a value, without its name. It never repeats what may be a secret. */
export const fail = (problem: string): never => {
  throw new Problem(problem)
}

/** For a variable that must be there; `what` says what it is set to. */
export const required = (what: string) => (): never => fail(`is missing: set it to ${what}`)

export interface Variables {
  /** The parsed value, or what `absent` answers where the variable is not set or empty. Both may `fail`. */
  readonly read: <Value, Absent>(name: string, parse: (text: string) => Value, absent: () => Absent) => Value | Absent
  /** For what is wrong between several variables. */
  readonly problem: (sentence: string) => void
}

/** What `configOf` makes of the variables. Throws EnvironmentError where there was any problem. */
export const readEnvironment = <Config>(env: Environment, configOf: (variables: Variables) => Config): Config => {
  const problems: string[] = []
  const config = configOf({
    read: <Value, Absent>(name: string, parse: (text: string) => Value, absent: () => Absent): Value | Absent => {
      try {
        const text = env[name]?.trim()
        return text ? parse(text) : absent()
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        problems.push(`${name} ${error.message}`)
        // Never used: with a problem on the list nothing is returned.
        return undefined as Value
      }
    },
    problem: (sentence) => void problems.push(sentence),
  })
  if (problems.length > 0) throw new EnvironmentError(problems)
  return config
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** A secret that programs of ours show each other. */
export const parseToken = (text: string): string =>
  /^[!-~]{16,4096}$/.test(text) ? text : fail('must be at least 16 characters, without spaces')
