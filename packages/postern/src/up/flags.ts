// The flags of `postern up` and the environment beneath them: flags beat environment beat defaults. This file is the
// one reader of the environment for `up` and `quickstart`.

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface UpOptions {
  /** Where everything is kept; null: a temporary folder that goes at exit. */
  readonly home: string | null
  /** API and console; 0: any free one. */
  readonly port: number
  /** True when the caller named the port, so that it is theirs to choose and ours to say when it is taken. */
  readonly json: boolean
  readonly sample: boolean
  readonly logLevel: string
  readonly unknownEndpoints: 'reject' | 'accept'
  readonly bind: string | null
  readonly advertise: string | null
  readonly localAddresses: 'own' | 'block'
  readonly localProvisionMs: number
  readonly domain: string | null
  readonly databaseUrl: string | null
}

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const upHelp = `Start everything on this machine: control plane, gateway, DNS, local cloud and a sandbox cluster.

Usage:
  postern up [options]

Flags:
      --port int                      Port of the API and the console; 0 takes a free one (default 8080)
      --home string                   Folder that keeps everything (default $XDG_DATA_HOME/postern)
      --ephemeral                     Temporary home and free ports; all is removed at exit
      --json                          Print one JSON line on stdout when ready; logs go to stderr
      --no-sample                     Do not make Cluster0 and its endpoint at the first start
      --unknown-endpoints string      reject, or accept: register a well-formed unknown consumer endpoint at once (default reject)
      --bind string                   Address that local endpoints listen on, for applications in containers
      --advertise string              Host that is advertised for local endpoints instead of that address
      --local-addresses string        own: an own 127.x.y.z per endpoint (Linux); block: ports on 127.0.0.1 and ::1
      --log-level string              trace, debug, info, warn or error (default info)
  -h, --help                          help for up
`

/** The folder that `up` uses when none is named: the XDG data folder + `/postern`. */
export function defaultHome(env: NodeJS.ProcessEnv): string {
  if (env.POSTERN_HOME) return resolve(env.POSTERN_HOME)
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'postern')
}

const oneOf = <const Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice => {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new UsageError(`${name} takes ${choices.join(' or ')}, not "${value}"`)
  return found
}

function portOf(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 0 && port <= 65_535)) throw new UsageError(`${name} takes a port from 0 to 65535, not "${text}"`)
  return port
}

/** Reads argv (after the word `up`) and the environment; null means that help was asked for. Throws UsageError. */
export function parseUp(argv: readonly string[], env: NodeJS.ProcessEnv): UpOptions | null {
  let values: Readonly<Record<string, string | boolean | undefined>>
  try {
    values = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        home: { type: 'string' },
        ephemeral: { type: 'boolean' },
        json: { type: 'boolean' },
        'no-sample': { type: 'boolean' },
        'unknown-endpoints': { type: 'string' },
        bind: { type: 'string' },
        advertise: { type: 'string' },
        'local-addresses': { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  if (values.help === true) return null
  const text = (flag: string, variable: string, otherwise: string): string => {
    const value = values[flag]
    return typeof value === 'string' ? value : env[variable] || otherwise
  }
  const ephemeral = values.ephemeral === true
  if (ephemeral && typeof values.home === 'string')
    throw new UsageError('--ephemeral makes its own home: leave out --home')
  const provision = env.POSTERN_LOCAL_PROVISION_MS || '300'
  if (!/^\d{1,7}$/.test(provision))
    throw new UsageError(`POSTERN_LOCAL_PROVISION_MS takes milliseconds, not "${provision}"`)
  const bind = text('bind', 'POSTERN_BIND', '')
  const advertise = text('advertise', 'POSTERN_ADVERTISE', '')
  return {
    home: ephemeral ? null : typeof values.home === 'string' ? resolve(values.home) : defaultHome(env),
    port: portOf('--port', text('port', 'POSTERN_PORT', ephemeral ? '0' : '8080')),
    json: values.json === true,
    sample: values['no-sample'] !== true,
    logLevel: oneOf('--log-level', text('log-level', 'POSTERN_LOG_LEVEL', 'info'), [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
    ]),
    unknownEndpoints: oneOf('--unknown-endpoints', text('unknown-endpoints', 'POSTERN_UNKNOWN_ENDPOINTS', 'reject'), [
      'reject',
      'accept',
    ]),
    bind: bind || null,
    advertise: advertise || null,
    localAddresses: oneOf(
      '--local-addresses',
      text('local-addresses', 'POSTERN_LOCAL_ADDRESSES', process.platform === 'linux' ? 'own' : 'block'),
      ['own', 'block'],
    ),
    localProvisionMs: Number(provision),
    domain: env.POSTERN_DOMAIN || null,
    databaseUrl: env.POSTERN_DATABASE_URL || null,
  }
}
