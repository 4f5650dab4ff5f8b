// What is of interest in a client's first hello: who it says it is, and how it wants to be served.

import { askedUser } from '../guard/authentication.ts'
import { readCommand } from '../guard/request.ts'
import { opcode, opcodeOf } from '../wire/frames.ts'
import { decompressed } from '../wire/op-compressed.ts'
import { bodyOfMsg } from '../wire/op-msg.ts'
import { documentOfQuery } from '../wire/op-query.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { type ClientInfo, clientInfo, hasElement, shown } from './hello.ts'
import { asksForBalancing } from './load-balanced.ts'

/** A first hello up to this long is held whole to read the client's name for itself out of it. */
export const maxFirstHelloBytes = 65_536

interface FirstHello {
  readonly client: ClientInfo | null
  readonly user: string | null
  readonly signsIn: boolean
  /** It asks for load balanced mode. */
  readonly balanced: boolean
}

function userOf(hello: Buffer): string | null {
  try {
    const asked = askedUser(readCommand(hello, new Map()))
    return asked === null || 'unclear' in asked ? null : shown([`${asked.username}@${asked.databaseName}`], 64)
  } catch (error) {
    if (error instanceof WireRefusal) return null // the member judges it
    throw error
  }
}

/** `message`: the whole of it. What cannot be read says nothing: its member judges it. */
export function readFirst(message: Buffer): FirstHello {
  try {
    const plain = opcodeOf(message) === opcode.COMPRESSED ? decompressed(message, maxFirstHelloBytes) : message
    const body = opcodeOf(plain) === opcode.MSG ? bodyOfMsg(plain) : documentOfQuery(plain)
    const document = plain.subarray(body.from, body.to)
    const signsIn = hasElement(document, 'speculativeAuthenticate')
    return {
      client: clientInfo(document),
      user: signsIn ? userOf(document) : null,
      signsIn,
      balanced: asksForBalancing(document),
    }
  } catch (error) {
    if (error instanceof WireRefusal) return { client: null, user: null, signsIn: false, balanced: false }
    throw error
  }
}
