// The guard of one connection: every request is taken apart and judged by the endpoint's policy before it goes on, and
// what goes on is what was judged, without its compression where rules judge it. A guard rail for honest clients and a second line behind the
// roles of database users, not a substitute for them. Bytes in, a verdict out; it remembers only whether somebody allowed
// has begun to authenticate, and has.

import type { DatabaseUserName } from '@postern/contract/endpoint-policy'
import type { GatewayPolicy } from '@postern/contract/snapshot'
import { errorReply, pingInstead, type ServerError } from '../translate/error-reply.ts'
import { documentOf, isTrue } from '../wire/bson-elements.ts'
import { opcode, opcodeOf, requestId } from '../wire/frames.ts'
import { withBody } from '../wire/op-msg.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { askedUser, helloNames, speculative } from './authentication.ts'
import { asTheGateway, maySignIn } from './member-certificate.ts'
import { forbiddenIn } from './read-only.ts'
import { type GuardedRequest, readRequest, uncompressed, wantsReply } from './request.ts'

/** What of an endpoint's policy is a matter of single requests; null: nothing. */
export function guardRules(policy: GatewayPolicy | null | undefined): GuardRules | null {
  const [readOnly, databaseUsers] = [policy?.readOnly ?? false, policy?.databaseUsers ?? null]
  return readOnly || databaseUsers !== null ? { readOnly, databaseUsers } : null
}

/** Whether connections of these rules may go on under the others: what was let through before cannot be judged again. */
export const sameRules = (one: GuardRules | null, other: GuardRules | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

export interface GuardRules {
  readonly readOnly: boolean
  /** null: whoever the deployment knows. */
  readonly databaseUsers: readonly DatabaseUserName[] | null
}

export type GuardCode =
  | 'READ_ONLY'
  | 'USER_NOT_ALLOWED'
  | 'NOT_AUTHENTICATED'
  | 'MEMBER_CERTIFICATE'
  | 'UNREADABLE_REQUEST'
  | 'OP_QUERY'

export interface GuardRefusal {
  readonly code: GuardCode
  readonly reason: string
}

export type Verdict =
  /**
   * `refused`: a part of it was left out. `asItCame`: goes on in place of `message`, which is the same without its compression.
   * `signsIn`: its answer is to be told to `answered`.
   */
  | {
      readonly message: Buffer
      readonly refused?: GuardRefusal
      readonly asItCame?: Buffer
      readonly signsIn?: boolean
    }
  /** The member is asked `message`, and its answer is replaced by `reply`. */
  | { readonly message: Buffer; readonly reply: Buffer; readonly refused: GuardRefusal }
  /** Nobody waits for an answer. */
  | { readonly message: null; readonly refused: GuardRefusal }

export interface Guard {
  /**
   * Whether a request is to be judged, by its first `have` bytes (at least 16) at `at`; a number: it takes more of them to say.
   * Throws WireRefusal for what is no request.
   */
  concerns(bytes: Buffer, at: number, have: number): boolean | number
  /** Why a request that is too long for who signs in may not be held yet: no member has let an allowed user in. null: it may. */
  tooEarly(): GuardRefusal | null
  /** `message` is whole. Throws WireRefusal for what cannot be answered: its connection has to end. */
  judge(message: Buffer): Verdict
  /** A whole answer to what signs in. */
  answered(reply: Buffer): void
}

/** What may be asked before an allowed user has begun to authenticate. */
const beforeUser: ReadonlySet<string> = new Set([
  ...helloNames,
  ...['ping', 'buildInfo', 'buildinfo', 'saslStart', 'authenticate', 'logout', 'endSessions'],
])

/** Members say of these when they have let somebody in. By certificate nobody signs in here: the member sees the gateway's. */
const signingIn: ReadonlySet<string> = new Set(['saslStart', 'saslContinue'])

function endsSignIn(reply: Buffer): boolean {
  try {
    const { document, elements } = readRequest(reply).command
    const done = elements.get('done')
    return done !== undefined && isTrue(document, done)
  } catch (error) {
    if (error instanceof WireRefusal) return false
    throw error
  }
}

const noRules: GuardRules = { readOnly: false, databaseUsers: null }

/**
 * `endpoint`: what its cloud calls it, for sentences. `showsCertificate`: the member takes the gateway's certificate for its
 * client's; without rules besides, only what may sign somebody in is judged.
 */
export function createGuard(rules: GuardRules | null, endpoint: string, showsCertificate = false): Guard {
  const { readOnly, databaseUsers } = rules ?? noRules
  let begun = false
  let hasSignedIn = false

  const isAllowed = ({ username, databaseName }: DatabaseUserName): boolean =>
    databaseUsers?.some((one) => one.username === username && one.databaseName === databaseName) ?? true

  /** What stands against this user; null: nothing. */
  const againstUser = (request: GuardedRequest): GuardRefusal | null => {
    if (databaseUsers === null) return null
    const asked = askedUser(request.command)
    if (asked === null) {
      if (begun || beforeUser.has(request.command.name)) return null
      const reason = `${request.command.name} before an allowed user has authenticated, through endpoint ${endpoint}`
      return { code: 'NOT_AUTHENTICATED', reason }
    }
    if ('unclear' in asked) {
      return { code: 'USER_NOT_ALLOWED', reason: `${asked.unclear}; endpoint ${endpoint} lets in named users only` }
    }
    if (isAllowed(asked)) {
      begun = true
      return null
    }
    const who = `user ${JSON.stringify(asked.username)} of ${JSON.stringify(asked.databaseName)}`
    return { code: 'USER_NOT_ALLOWED', reason: `${who} is none that endpoint ${endpoint} lets in` }
  }

  const againstWrites = ({ command }: GuardedRequest): GuardRefusal | null => {
    const forbidden = readOnly ? forbiddenIn(command) : null
    return forbidden === null
      ? null
      : { code: 'READ_ONLY', reason: `${forbidden} is not allowed: endpoint ${endpoint} is read-only` }
  }

  const againstCertificate = ({ command }: GuardedRequest): GuardRefusal | null => {
    const asked = showsCertificate ? asTheGateway(command) : null
    if (asked === null) return null
    const reason = `${asked} would sign the client in as the gateway, whose certificate is what the member sees, through endpoint ${endpoint}; a user with a password can sign in`
    return { code: 'MEMBER_CERTIFICATE', reason }
  }

  const judged = (request: GuardedRequest, asItCame: Buffer): Verdict => {
    const isHello = helloNames.has(request.command.name)
    if (request.form === 'query' && !isHello) {
      const reason = `${request.command.name} as OP_QUERY; through endpoint ${endpoint} only hello may come so`
      return refuse(request, { code: 'OP_QUERY', reason })
    }
    const refused = againstCertificate(request) ?? againstWrites(request) ?? againstUser(request)
    if (refused === null) {
      const { message, command } = request
      // Without rules nothing but a sign-in is looked for, and its compression is not worth taking off.
      if (rules === null) return { message, asItCame }
      return { message, signsIn: request.wantsReply && signingIn.has(command.name) }
    }
    // The server passes over a speculative authentication that fails: the client then begins one that is answered.
    const bare = isHello ? withoutSpeculation(request) : null
    return bare === null ? refuse(request, refused) : { message: bare, refused }
  }

  return {
    tooEarly() {
      if (databaseUsers === null || hasSignedIn) return null
      const reason = `a long request before an allowed user has authenticated, through endpoint ${endpoint}`
      return { code: 'NOT_AUTHENTICATED', reason }
    },
    concerns: rules === null ? maySignIn : () => true,
    judge(message) {
      let plain = message
      try {
        plain = uncompressed(message)
        return judged(readRequest(plain), message)
      } catch (error) {
        if (!(error instanceof WireRefusal)) throw error
        const form = formOf(plain)
        if (form === null) throw error
        const refused = {
          code: 'UNREADABLE_REQUEST',
          reason: `${error.message}, through endpoint ${endpoint}`,
        } as const
        return refuse({ message: plain, form, wantsReply: form === 'query' || wantsReplyTo(plain) }, refused)
      }
    },
    answered(reply) {
      hasSignedIn ||= endsSignIn(reply)
    },
  }
}

const serverError: Readonly<Record<GuardCode, ServerError>> = {
  READ_ONLY: 'Unauthorized',
  NOT_AUTHENTICATED: 'Unauthorized',
  USER_NOT_ALLOWED: 'AuthenticationFailed',
  MEMBER_CERTIFICATE: 'AuthenticationFailed',
  UNREADABLE_REQUEST: 'FailedToParse',
  OP_QUERY: 'UnsupportedOpQueryCommand',
}

/** Not for the policy's sake. */
const ofGateway: ReadonlySet<GuardCode> = new Set(['MEMBER_CERTIFICATE'])

function refuse(
  { message, form, wantsReply: wanted }: Pick<GuardedRequest, 'message' | 'form' | 'wantsReply'>,
  refused: GuardRefusal,
): Verdict {
  if (!wanted) return { message: null, refused }
  const id = requestId(message)
  const sentence = `${refused.reason} (${ofGateway.has(refused.code) ? 'the gateway' : 'a policy of the private endpoint'})`
  const reply = errorReply({ form, responseTo: id, error: serverError[refused.code], sentence })
  return { message: pingInstead(id), reply, refused }
}

/** In which form an answer can be given; null: in none. What does not decode had an OP_MSG inside, if anything. */
function formOf(message: Buffer): 'msg' | 'query' | null {
  const kind = opcodeOf(message)
  if (kind === opcode.MSG || kind === opcode.COMPRESSED) return 'msg'
  return kind === opcode.QUERY ? 'query' : null
}

const wantsReplyTo = (message: Buffer): boolean => opcodeOf(message) === opcode.COMPRESSED || wantsReply(message)

/** The same hello without the authentication in it; null where it is wrapped, or has none. */
function withoutSpeculation({ message, command, body }: GuardedRequest): Buffer | null {
  const element = command.elements.get(speculative)
  if (body === null || element === undefined) return null
  const kept = [...command.elements.values()].filter((one) => one !== element)
  const document = documentOf(kept.map(({ at, end }) => command.document.subarray(at, end)))
  if (opcodeOf(message) === opcode.MSG) return withBody(message, body, document)
  const bare = Buffer.concat([message.subarray(0, body.from), document])
  bare.writeInt32LE(bare.length, 0)
  return bare
}
