// As whom a command asks to be let in: a user is a name and the database that knows it. Only mechanisms whose first
// message names the user are read; of the others (AWS, OIDC, GSSAPI) nobody here can tell who comes. Pure.

import type { DatabaseUserName } from '@postern/contract/endpoint-policy'
import { type Command, documentAt, readCommand, textAt } from './request.ts'

/** null: it asks for nothing. `unclear`: it does, and who comes cannot be told, for this reason. */
export type AskedUser = DatabaseUserName | { readonly unclear: string } | null

export const helloNames: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster'])

/** Throws WireRefusal where what it carries is no BSON. */
export function askedUser(command: Command): AskedUser {
  if (command.name === 'saslStart') return bySasl(command, command.db)
  if (command.name === 'authenticate') return byCertificate(command, command.db)
  if (!helloNames.has(command.name) || !command.elements.has(speculative)) return null
  const document = documentAt(command, speculative)
  if (document === null) return { unclear: 'speculativeAuthenticate is no document' }
  const inner = readCommand(document, new Map())
  const db = textAt(inner, 'db')
  if (inner.name === 'saslStart') return bySasl(inner, db)
  if (inner.name === 'authenticate') return byCertificate(inner, db)
  return { unclear: `speculativeAuthenticate by ${inner.name}` }
}

/** Of hello: an authentication on its way with it, whose failure the server passes over in silence. */
export const speculative = 'speculativeAuthenticate'

function bySasl(command: Command, db: string | null): AskedUser {
  const mechanism = textAt(command, 'mechanism')
  const payload = binaryAt(command, 'payload')
  if (db === null || mechanism === null || payload === null) return { unclear: 'saslStart without its fields' }
  const text = utf8(payload)
  const username = text === null ? null : (userOf.get(mechanism)?.(text) ?? null)
  if (!userOf.has(mechanism)) return { unclear: `mechanism ${mechanism} does not say who comes` }
  return username === null
    ? { unclear: `a first message of ${mechanism} that cannot be read` }
    : { username, databaseName: db }
}

/** The member knows who comes from TLS alone; a client that does not say it could be anybody. */
function byCertificate(command: Command, db: string | null): AskedUser {
  const mechanism = textAt(command, 'mechanism')
  if (mechanism !== 'MONGODB-X509') return { unclear: `authenticate by ${mechanism ?? 'no mechanism'}` }
  const username = textAt(command, 'user')
  return username === null || db === null
    ? { unclear: 'MONGODB-X509 without the user’s name' }
    : { username, databaseName: db }
}

/** RFC 5802, 5.1: `n,,n=user,r=nonce`; to act for somebody else (authzid) is not asked for by any driver. */
function scramUser(text: string): string | null {
  const name = /^[ny],,n=([^,\0]+),r=[^,]+$/.exec(text)?.[1]
  if (name === undefined || /=(?!2C|3D)/.test(name)) return null
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

/** RFC 4616: authzid, authcid, password. */
function plainUser(text: string): string | null {
  const parts = text.split('\0')
  const [authzid, username] = parts
  return parts.length === 3 && username && (authzid === '' || authzid === username) ? username : null
}

const userOf: ReadonlyMap<string, (text: string) => string | null> = new Map([
  ['SCRAM-SHA-1', scramUser],
  ['SCRAM-SHA-256', scramUser],
  ['PLAIN', plainUser],
])

const BINARY = 0x05

function binaryAt({ document, elements }: Command, name: string): Buffer | null {
  const element = elements.get(name)
  if (element?.type !== BINARY || document[element.valueAt + 4] !== 0) return null
  return document.subarray(element.valueAt + 5, element.end)
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
