// What a member is doing and for whom: a document for each connection, as MongoDB's `$currentOp` and `currentOp` give
// them. Others' connections are shown to whoever holds `inprog`. What a request carries is not shown.
import { CommandError } from './command-error.ts'
import { type Doc, encodeDocument, isDoc, viewOfDocument } from './document.ts'
import { type Context, requireAction, type Session } from './execute.ts'
import { type Findable, findDocuments, type Source } from './query.ts'

/** Options of the stage; of those that are not here there is nothing on a member of the sandbox. */
const options = ['allUsers', 'idleConnections'] as const
const known: ReadonlySet<string> = new Set([
  ...options,
  'idleCursors',
  'idleSessions',
  'localOps',
  'backtrace',
  'targetAllNodes',
  'truncateOps',
])

type Asked = Readonly<Record<(typeof options)[number], boolean>>

/**
 * What a pipeline that begins with `$currentOp` works on.
 * @throws CommandError FailedToParse, InvalidNamespace, Unauthorized
 */
export function operationsAsked(context: Context): Source<Findable> {
  const { command } = context
  if (command.db !== 'admin' || command.args.aggregate !== 1) {
    throw new CommandError(
      'InvalidNamespace',
      "$currentOp must be run against the 'admin' database with {aggregate: 1}",
    )
  }
  const operand = command.documents('pipeline')[0]?.$currentOp
  if (!isDoc(operand)) {
    throw new CommandError('FailedToParse', '$currentOp options must be specified in an object')
  }
  for (const [name, value] of Object.entries(operand)) {
    if (!known.has(name)) throw new CommandError('FailedToParse', `Unrecognized option '${name}' in $currentOp stage.`)
    if (typeof value !== 'boolean') {
      throw new CommandError('FailedToParse', `The '${name}' parameter of the $currentOp stage must be a boolean value`)
    }
  }
  return operations(context, { allUsers: operand.allUsers === true, idleConnections: operand.idleConnections === true })
}

/** Fields of the command `currentOp` that are no part of its filter. */
const noFilter: ReadonlySet<string> = new Set(['currentOp', 'comment', 'lsid', 'maxTimeMS', 'truncateOps'])

/**
 * What the command `currentOp` answers.
 * @throws CommandError Unauthorized, away from `admin` too
 */
export function operationsFound(context: Context): readonly Doc[] {
  const { command } = context
  if (command.db !== 'admin') {
    throw new CommandError('Unauthorized', 'currentOp may only be run against the admin database.')
  }
  const { $all, $ownOps } = command.args
  const isFilter = (name: string): boolean => !name.startsWith('$') && !noFilter.has(name)
  const filter = Object.fromEntries(Object.entries(command.typed).filter(([name]) => isFilter(name)))
  const source = operations(context, { allUsers: $ownOps !== true, idleConnections: $all === true })
  return findDocuments(source, { filter }).map(({ typed }) => typed())
}

function operations(context: Context, { allUsers, idleConnections }: Asked): Source<Findable> {
  if (allUsers) requireAction(context, 'inprog', { cluster: true })
  const own = context.client.userId
  const shown = context.member
    .sessions()
    .filter(({ client, isBusy }) => (allUsers || client.userId === own) && (idleConnections || isBusy))
    .map((session) => findable(describe(session, context)))
  return { documents: new Map(shown.map((each) => [each.key, each])) }
}

function describe({ client, isBusy }: Session, { member, set }: Context): Doc {
  const { connectionId, remote, metadata } = client
  const user = client.user(set.data.users)
  const appName = isDoc(metadata?.application) ? metadata.application.name : undefined
  return {
    type: isBusy ? 'op' : 'idleSession',
    host: member.host,
    desc: `conn${connectionId}`,
    connectionId,
    client: remote,
    ...(typeof appName === 'string' && appName !== '' && { appName }),
    ...(metadata && { clientMetadata: metadata }),
    active: isBusy,
    currentOpTime: new Date(set.now()).toISOString(),
    ...(user && { effectiveUsers: [{ user: user.user, db: user.db }] }),
    isFromUserConnection: true,
  }
}

const findable = (typed: Doc): Findable => ({
  key: String(typed.connectionId),
  raw: encodeDocument(typed),
  view: viewOfDocument(typed),
  typed: () => typed,
})
