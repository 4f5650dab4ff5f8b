// `bootstrap.json` of a running home: what `postern up` printed, so that client commands on a laptop need no flag.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../core/usage-error.ts'

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
}

export const bootstrapFile = (home: string): string => join(home, 'bootstrap.json')

/** Undefined where no server has been started on this home. Throws UsageError for a file that is not ours. */
export async function readBootstrap(home: string): Promise<Bootstrap | undefined> {
  const file = bootstrapFile(home)
  const text = await readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT' || problem.code === 'ENOTDIR') return undefined
    throw new UsageError(`cannot read ${file}: ${problem.message}`)
  })
  if (text === undefined) return undefined
  const told = jsonObject(text)
  const word = (name: string) => (typeof told?.[name] === 'string' ? { [name]: told[name] } : {})
  if (told?.apiUrl === null) throw new UsageError(`the server of ${home} has never come up; run \`npx postern up\``)
  if (typeof told?.apiUrl !== 'string') {
    throw new UsageError(`${file} is not what \`postern up\` writes: no apiUrl in it`)
  }
  const names = [
    'publicKey',
    'privateKey',
    'orgId',
    'groupId',
    'dnsAddress',
    'caFile',
    'ownerEmail',
    'dbUser',
    'dbPassword',
  ]
  return Object.assign({ apiUrl: told.apiUrl }, ...names.map(word))
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
