// A whole reply to a hello, in any of its wrappings, to the same reply with the endpoint's names: OP_MSG (also one that
// announces more), OP_REPLY, and either of them inside OP_COMPRESSED. A compressed reply that had to be changed goes
// out uncompressed, which the compression specification allows for any message.

import { headerBytes, opcode, opcodeOf } from '../wire/frames.ts'
import { decompressed } from '../wire/op-compressed.ts'
import { bodyOfMsg, moreToCome, withBody } from '../wire/op-msg.ts'
import { documentsOfReply, withDocuments } from '../wire/op-query.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { type HelloNames, rewriteHello } from './hello.ts'

/** A longer answer to hello is refused: it would have to be held in memory. */
export const maxHelloBytes = 1_048_576

export interface TranslatedReply {
  /** The argument itself where there was nothing to change. */
  readonly message: Buffer
  /** True where the member says that another reply follows, chained to this one. */
  readonly moreToCome: boolean
  readonly leftOut: readonly string[]
}

/** `message` is one whole message from a member. Throws WireRefusal where it does not add up. */
export function translateReply(message: Buffer, names: HelloNames): TranslatedReply {
  switch (opcodeOf(message)) {
    case opcode.MSG: {
      const body = bodyOfMsg(message)
      const own = message.subarray(body.from, body.to)
      const { document, leftOut } = rewriteHello(own, names)
      return {
        message: document === own ? message : withBody(message, body, document),
        moreToCome: moreToCome(message, headerBytes),
        leftOut,
      }
    }
    case opcode.REPLY: {
      const own = documentsOfReply(message).map(({ from, to }) => message.subarray(from, to))
      const rewritten = own.map((document) => rewriteHello(document, names))
      const same = rewritten.every(({ document }, index) => document === own[index])
      const documents = rewritten.map(({ document }) => document)
      return {
        message: same ? message : withDocuments(message, documents),
        moreToCome: false,
        leftOut: rewritten.flatMap(({ leftOut }) => leftOut),
      }
    }
    case opcode.COMPRESSED: {
      const plain = decompressed(message, maxHelloBytes)
      const inner = translateReply(plain, names)
      return inner.message === plain ? { ...inner, message } : inner
    }
    default:
      throw new WireRefusal('OPCODE', `a reply with opcode ${opcodeOf(message)}`)
  }
}
