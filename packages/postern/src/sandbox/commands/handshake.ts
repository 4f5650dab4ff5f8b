// hello and authentication: hello in all its spellings, saslStart and saslContinue with SCRAM-SHA-256 (MongoDB Handshake
// and Authentication specifications), logout.
import { randomBytes } from 'node:crypto'
import { Binary } from 'bson'
import { CommandError } from '../command-error.ts'
import { type Doc, encodeDocument, isDoc } from '../document.ts'
import type { Context, Handler } from '../execute.ts'
import { helloReply } from '../hello.ts'
import { decoyVerifier, parseClientFirst, startConversation } from '../scram.ts'
import { userIdOf } from '../users.ts'
import { compressors } from '../wire/compress.ts'

const mechanism = 'SCRAM-SHA-256'
/** What a client says of itself, in bytes (MongoDB Handshake specification); more is not kept. */
const longestMetadata = 512
const decoySecret = randomBytes(32)

function hello(context: Context): Doc {
  const { set, member, client, command } = context
  const { compression, saslSupportedMechs } = command.args
  const offered = Array.isArray(compression) ? compressors.filter((name) => compression.includes(name)) : []
  const reply: Doc = helloReply(set, member, { legacy: command.name !== 'hello', connectionId: client.connectionId })
  if (offered.length > 0) reply.compression = offered
  if (typeof saslSupportedMechs === 'string') reply.saslSupportedMechs = [mechanism]
  const said = command.typed.client
  if (client.metadata === undefined && isDoc(said) && encodeDocument(said).length <= longestMetadata)
    client.metadata = said
  const speculative = command.args.speculativeAuthenticate
  if (isDoc(speculative) && speculative.mechanism === mechanism && typeof speculative.db === 'string') {
    const started = start(context, { ...speculative, db: speculative.db })
    if (started) reply.speculativeAuthenticate = started
  }
  return reply
}

function saslStart(context: Context): Doc {
  const { args, db } = context.command
  if (args.mechanism !== mechanism) {
    throw new CommandError(
      'BadValue',
      `Received authentication for mechanism ${String(args.mechanism)} which is not enabled`,
    )
  }
  const started = start(context, { ...args, db })
  if (!started) throw new CommandError('AuthenticationFailed', 'Authentication failed.')
  return { ...started, ok: 1 }
}

function start({ client, set }: Context, args: Doc & { db: string }): Doc | undefined {
  const first = parseClientFirst(payloadOf(args.payload))
  if (!first) return undefined
  const userId = userIdOf(args.db, first.user)
  const user = set.data.users.get(userId)
  client.handshakes += 1
  const conversation = startConversation(first, user?.verifier ?? decoyVerifier(decoySecret, userId))
  const skipEmptyExchange = isDoc(args.options) && args.options.skipEmptyExchange === true
  client.handshake = { id: client.handshakes, userId, uuid: user?.uuid, skipEmptyExchange, conversation, proved: false }
  return { conversationId: client.handshakes, done: false, payload: new Binary(conversation.payload) }
}

function saslContinue({ client, command, log }: Context): Doc {
  const { handshake } = client
  if (!handshake || command.args.conversationId !== handshake.id)
    throw new CommandError('ProtocolError', 'No SASL session state found')
  if (handshake.proved) {
    client.handshake = undefined
    return accept(client, handshake, Buffer.alloc(0))
  }
  const signature = handshake.conversation.finish(payloadOf(command.args.payload))
  if (!signature || handshake.uuid === undefined) {
    client.handshake = undefined
    log.info({ user: handshake.userId, remote: client.remote }, 'authentication failed')
    throw new CommandError('AuthenticationFailed', 'Authentication failed.')
  }
  if (handshake.skipEmptyExchange) {
    client.handshake = undefined
    return accept(client, handshake, signature)
  }
  handshake.proved = true
  return { conversationId: handshake.id, done: false, payload: new Binary(signature), ok: 1 }
}

function accept(
  client: Context['client'],
  handshake: NonNullable<Context['client']['handshake']>,
  payload: Buffer,
): Doc {
  if (handshake.uuid !== undefined) client.authenticated(handshake.userId, handshake.uuid)
  return { conversationId: handshake.id, done: true, payload: new Binary(payload), ok: 1 }
}

function payloadOf(value: unknown): Buffer {
  if (value instanceof Binary) return Buffer.from(value.buffer.subarray(0, value.position))
  return Buffer.from(typeof value === 'string' ? value : '', 'utf8')
}

function logout({ client }: Context): Doc {
  client.logout()
  return { ok: 1 }
}

const open = (run: Handler['run']): Handler => ({ needs: 'nothing', at: 'any', run })

export const handshakeCommands: Readonly<Record<string, Handler>> = {
  hello: open(hello),
  isMaster: open(hello),
  ismaster: open(hello),
  saslStart: open(saslStart),
  saslContinue: open(saslContinue),
  logout: open(logout),
}
