// The flags of `postern up` and the environment beneath them: flags beat environment beat defaults. This file is the
// one reader of the environment for `up` and `quickstart`.

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Flag } from '@postern/cli/core/command'
import { UsageError } from '@postern/cli/core/usage-error'
import { type Fidelity, fidelities } from '@postern/contract/fidelity'

export interface UpOptions {
  /** Where everything is kept; null: a temporary folder that goes at exit. */
  readonly home: string | null
  /** API and console; 0: any free one. */
  readonly port: number
  /** A second port of the API and the console, with https; 0: any free one; null: none. */
  readonly httpsPort: number | null
  readonly json: boolean
  readonly sample: boolean
  /** A file of projects that are made, or brought up to it, at each start. */
  readonly apply: string | null
  readonly logLevel: string
  readonly unknownEndpoints: 'reject' | 'accept'
  readonly fidelity: Fidelity
  /** How long passing states are shown at least under Atlas's behaviour. */
  readonly fidelityDelayMs: number
  readonly bind: string | null
  readonly advertise: string | null
  /** Further host names that the API is called by, comma-separated. */
  readonly hosts: string | null
  readonly localAddresses: 'own' | 'block'
  readonly localProvisionMs: number
  readonly domain: string | null
  readonly databaseUrl: string | null
  /** Opens the door for test suites: faults, time, reset. */
  readonly testing: boolean
}

/** The flags as the command table knows them: parsed and helped like every other command's. */
export const upFlags: readonly Flag[] = [
  { name: 'port', kind: 'text', usage: 'Port of the API and the console; 0 takes a free one (default 8080)' },
  {
    name: 'https-port',
    kind: 'text',
    usage: 'Serve https too, on this port, by the authority of ca.pem in home; 0 takes a free one (default none)',
  },
  { name: 'home', kind: 'text', usage: 'Folder that keeps everything (default $XDG_DATA_HOME/postern)' },
  { name: 'ephemeral', kind: 'switch', usage: 'Temporary home and free ports; all is removed at exit' },
  { name: 'json', kind: 'switch', usage: 'Print one JSON line on stdout when ready; logs go to stderr' },
  { name: 'no-sample', kind: 'switch', usage: 'Do not make Cluster0 and its endpoint at the first start' },
  {
    name: 'apply',
    kind: 'text',
    completes: 'files',
    usage: 'Make projects as this file says before anything is printed, as `postern apply` does; see docs/apply.md',
  },
  {
    name: 'unknown-endpoints',
    kind: 'text',
    usage: 'reject, or accept: register a well-formed unknown consumer endpoint at once (default reject)',
  },
  {
    name: 'fidelity',
    kind: 'text',
    usage: 'postern, or atlas: behave as Atlas where the two differ (docs/api-differences.md) (default postern)',
  },
  {
    name: 'fidelity-delay',
    kind: 'text',
    usage: 'Milliseconds that states such as UPDATING are shown at least with --fidelity atlas (default 300)',
  },
  { name: 'bind', kind: 'text', usage: 'Address that local endpoints listen on, for applications in containers' },
  {
    name: 'hosts',
    kind: 'text',
    usage: 'Further host names, comma-separated, that the API answers to, such as host.docker.internal',
  },
  { name: 'advertise', kind: 'text', usage: 'Host that is advertised for local endpoints instead of that address' },
  {
    name: 'testing',
    kind: 'switch',
    usage: 'Open the door for test suites (docs/testing.md): faults, time that passes at once, reset to the seed',
  },
  {
    name: 'local-addresses',
    kind: 'text',
    usage: 'own: an own 127.x.y.z for each endpoint (Linux); block: ports on 127.0.0.1 and ::1',
  },
  { name: 'log-level', kind: 'text', usage: 'trace, debug, info, warn or error (default info)' },
]

/** What was typed: the part of a command's context that is needed here. */
export interface Typed {
  readonly optional: (name: string) => string | undefined
  readonly isOn: (name: string) => boolean
}

/** The folder that `up` uses when none is named: the XDG data folder + `/postern`. */
function defaultHome(env: Readonly<Record<string, string | undefined>>): string {
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

function msOf(name: string, text: string): number {
  const ms = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  if (!(ms <= 3_600_000)) throw new UsageError(`${name} takes milliseconds, at most 3600000, not "${text}"`)
  return ms
}

/** Flags beat environment beat defaults. Throws UsageError, which names the flag or the variable. */
export function upOptions(typed: Typed, env: Readonly<Record<string, string | undefined>>): UpOptions {
  const text = (flag: string, variable: string, otherwise: string): string =>
    typed.optional(flag) ?? (env[variable] || otherwise)
  const ephemeral = typed.isOn('ephemeral')
  const https = text('https-port', 'POSTERN_HTTPS_PORT', '')
  const home = typed.optional('home')
  const applied = typed.optional('apply')
  if (ephemeral && home !== undefined) throw new UsageError('--ephemeral makes its own home: leave out --home')
  if (typed.isOn('testing') && env.POSTERN_DATABASE_URL)
    throw new UsageError('--testing is for the embedded store: leave out POSTERN_DATABASE_URL')
  const ownAddresses = process.platform === 'linux' ? 'own' : 'block'
  return {
    home: ephemeral ? null : home === undefined ? defaultHome(env) : resolve(home),
    port: portOf('--port', text('port', 'POSTERN_PORT', ephemeral ? '0' : '8080')),
    httpsPort: https === '' ? null : portOf('--https-port', https),
    json: typed.isOn('json'),
    sample: !typed.isOn('no-sample'),
    apply: applied === undefined ? null : resolve(applied),
    logLevel: oneOf('--log-level', text('log-level', 'POSTERN_LOG_LEVEL', 'info'), levels),
    unknownEndpoints: oneOf('--unknown-endpoints', text('unknown-endpoints', 'POSTERN_UNKNOWN_ENDPOINTS', 'reject'), [
      'reject',
      'accept',
    ]),
    fidelity: oneOf('--fidelity', text('fidelity', 'POSTERN_FIDELITY', 'postern'), fidelities),
    fidelityDelayMs: msOf('--fidelity-delay', text('fidelity-delay', 'POSTERN_FIDELITY_DELAY_MS', '300')),
    bind: text('bind', 'POSTERN_BIND', '') || null,
    advertise: text('advertise', 'POSTERN_ADVERTISE', '') || null,
    hosts: text('hosts', 'POSTERN_HOSTS', '') || null,
    localAddresses: oneOf('--local-addresses', text('local-addresses', 'POSTERN_LOCAL_ADDRESSES', ownAddresses), [
      'own',
      'block',
    ]),
    localProvisionMs: msOf('POSTERN_LOCAL_PROVISION_MS', env.POSTERN_LOCAL_PROVISION_MS || '300'),
    domain: env.POSTERN_DOMAIN || null,
    databaseUrl: env.POSTERN_DATABASE_URL || null,
    testing: typed.isOn('testing'),
  }
}

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const
