// Where the gateway shows its members a certificate, a client that signs in by certificate (MONGODB-X509) is taken for whoever
// the gateway is: the member sees the gateway's certificate, and asks nobody else. So only those mechanisms go on by which a
// client proves itself by what it says, and whatever might hold another one is judged whole. See guard.ts for how it is refused.

import { glimpseRequest } from '../translate/glimpse-request.ts'
import { opcode, opcodeOf } from '../wire/frames.ts'
import { compressedFields } from '../wire/op-compressed.ts'
import { helloNames, speculative } from './authentication.ts'
import { type Command, documentAt, readCommand, textAt } from './request.ts'

const byOwnWord: ReadonlySet<string> = new Set([
  ...['SCRAM-SHA-1', 'SCRAM-SHA-256', 'PLAIN', 'GSSAPI', 'MONGODB-AWS', 'MONGODB-OIDC'],
])

/** How this command would sign its client in as the gateway, for a sentence; null: it does not. Throws WireRefusal for no BSON. */
export function asTheGateway(command: Command): string | null {
  if (!helloNames.has(command.name)) return unlessOwnWord(command)
  if (command.sequences.has(speculative)) return 'speculativeAuthenticate as a sequence'
  if (!command.elements.has(speculative)) return null
  const document = documentAt(command, speculative)
  return document === null
    ? 'speculativeAuthenticate without a document'
    : unlessOwnWord(readCommand(document, new Map()))
}

function unlessOwnWord(command: Command): string | null {
  if (command.name !== 'saslStart' && command.name !== 'authenticate') return null
  const mechanism = textAt(command, 'mechanism')
  if (command.name === 'saslStart' && mechanism !== null && byOwnWord.has(mechanism)) return null
  return `${command.name} by ${mechanism ?? 'no mechanism'}`
}

/**
 * Whether a request may sign somebody in, by its first `have` bytes; a number: it takes more of them to say. What cannot be seen
 * through, and every OP_QUERY, may. Throws WireRefusal for what is no request.
 */
export function maySignIn(bytes: Buffer, at: number, have: number): boolean | number {
  const glimpse = glimpseRequest(bytes, at, have)
  if (typeof glimpse === 'number') return glimpse
  if (glimpse !== 'other') return true
  const kind = opcodeOf(bytes, at)
  if (kind === opcode.COMPRESSED) return compressedFields(bytes, at).opcode !== opcode.MSG
  return kind === opcode.QUERY
}
