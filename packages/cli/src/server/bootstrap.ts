// `bootstrap.json` of a running home: what `postern up` printed, so that client commands on a laptop need no flag.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../core/usage-error.ts'
import { replaceFile } from './write-profiles.ts'

export interface Bootstrap {
  readonly apiUrl: string
  readonly publicKey?: string
  readonly privateKey?: string
  readonly orgId?: string
  readonly groupId?: string
  /** `host:port` of the home's DNS server. */
  readonly dnsAddress?: string
  /** PEM: whom clients of endpoints in name form are to trust. */
  readonly caFile?: string
  /** Whose console it is. */
  readonly ownerEmail?: string
  /** The database user of the sample. */
  readonly dbUser?: string
  readonly dbPassword?: string
  /** Through the private endpoints of the sample, without a user. */
  readonly connectionStrings?: readonly string[]
  readonly clientId?: string
  readonly clientSecret?: string
  readonly ownerPassword?: string
  /** Where its API key went when the first secrets were rotated. */
  readonly rotated?: Rotated
}

export interface Rotated {
  readonly profile: string
  readonly publicKey: string
}

export const bootstrapFile = (home: string): string => join(home, 'bootstrap.json')

/**
 * Undefined where no server has been started on this home. What had ended when it was last started (somebody deleted the
 * first key, changed a password) is left out. Throws UsageError for a file that is not ours.
 */
export async function readBootstrap(home: string): Promise<Bootstrap | undefined> {
  const file = bootstrapFile(home)
  const text = await textOf(file)
  if (text === undefined) return undefined
  const told = jsonObject(text)
  const ended = Array.isArray(told?.ended) ? told.ended : []
  const word = (name: string) =>
    typeof told?.[name] === 'string' && !ended.includes(name) ? { [name]: told[name] } : {}
  if (told?.apiUrl === null) throw new UsageError(`the server of ${home} has never come up; run \`npx postern up\``)
  if (typeof told?.apiUrl !== 'string') {
    throw new UsageError(`${file} is not what \`postern up\` writes: no apiUrl in it`)
  }
  const names = ['orgId', 'groupId', 'dnsAddress', 'caFile', 'dbUser', 'ownerEmail', ...secrets]
  const { rotated } = told
  const strings = Array.isArray(told.connectionStrings) ? told.connectionStrings : []
  const connectionStrings = strings.filter((string) => typeof string === 'string')
  return Object.assign(
    { apiUrl: told.apiUrl, connectionStrings },
    ...names.map(word),
    isRotated(rotated) ? { rotated } : {},
  )
}

const secrets = ['publicKey', 'privateKey', 'clientId', 'clientSecret', 'ownerPassword', 'dbPassword'] as const

const isRotated = (value: unknown): value is Rotated => {
  const { profile, publicKey } = (value ?? {}) as Partial<Record<keyof Rotated, unknown>>
  return typeof profile === 'string' && typeof publicKey === 'string'
}

/** Takes every secret out of it, and says where the key is now. Throws UsageError where it cannot be written. */
export async function forgetSecrets(home: string, rotated: Rotated): Promise<void> {
  const file = bootstrapFile(home)
  const held = Object.entries(jsonObject((await textOf(file)) ?? '') ?? {})
  const kept = held.filter(([name]) => !(secrets as readonly string[]).includes(name))
  await replaceFile(file, `${JSON.stringify({ ...Object.fromEntries(kept), rotated }, null, 2)}\n`)
}

const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT' || problem.code === 'ENOTDIR') return undefined
    throw new UsageError(`cannot read ${file}: ${problem.message}`)
  })

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
