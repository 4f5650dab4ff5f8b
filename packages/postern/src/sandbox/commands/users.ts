// User management as mongod speaks it: createUser, updateUser, dropUser, usersInfo, grantRolesToUser,
// revokeRolesFromUser. A user who looks at or changes the password of nobody but themselves needs no role for it.
import { UUID } from 'bson'
import { CommandError } from '../command-error.ts'
import { type Doc, isDoc } from '../document.ts'
import { type Context, type Handler, requireAction } from '../execute.ts'
import type { UserRecord } from '../record.ts'
import { parseRoles } from '../roles.ts'
import { makeVerifier } from '../scram.ts'
import { newUser, userIdOf, withoutRoles, withRoles } from '../users.ts'

const mechanisms = ['SCRAM-SHA-256']

async function createUser(context: Context): Promise<Doc> {
  const { set, command } = context
  const { db } = command
  const user = command.string('createUser')
  if (user === '') throw new CommandError('BadValue', 'User document needs a non-empty name')
  checkMechanisms(command.args.mechanisms)
  const password = passwordOf(command.string('pwd'))
  const roles = parseRoles(command.args.roles, db, set.data.roles)
  refuseKnown(context, userIdOf(db, user), user)
  const { customData } = command.args
  const record = await newUser({ db, user, password, roles, ...(isDoc(customData) ? { customData } : {}) })
  // Deriving the verifier gave others their turn.
  requirePrimary(context)
  refuseKnown(context, record.id, user)
  set.commit({ kind: 'user', user: record })
  return { ok: 1 }
}

function refuseKnown({ set, command }: Context, id: string, user: string): void {
  if (set.data.users.has(id)) throw new CommandError('UserAlreadyExists', `User "${user}@${command.db}" already exists`)
}

function requirePrimary({ set, member }: Context): void {
  if (!set.isWritable(member.index)) throw new CommandError('NotWritablePrimary', 'not primary')
}

function passwordOf(password: string): string {
  if (password === '') throw new CommandError('BadValue', 'Password cannot be empty')
  return password
}

function checkMechanisms(wanted: unknown): void {
  if (wanted === undefined) return
  if (Array.isArray(wanted) && wanted.includes(mechanisms[0])) return
  throw new CommandError('BadValue', 'the sandbox knows SCRAM-SHA-256 only')
}

async function updateUser(context: Context): Promise<Doc> {
  const { set, command } = context
  const known = userNamed(context, command.string('updateUser'))
  const { pwd, roles, customData } = command.args
  if (pwd === undefined && roles === undefined && customData === undefined) {
    throw new CommandError('BadValue', 'Must specify at least one field to update in updateUser')
  }
  const self = context.client.user(set.data.users)?.id === known.id && roles === undefined
  if (!self) requireAction(context, 'changeUser', { db: command.db, collection: '' })
  const next = {
    ...(roles === undefined ? {} : { roles: parseRoles(roles, command.db, set.data.roles) }),
    ...(pwd === undefined ? {} : { verifier: await makeVerifier(passwordOf(command.string('pwd'))) }),
    ...(isDoc(customData) ? { customData } : {}),
  }
  requirePrimary(context)
  set.commit({ kind: 'user', user: { ...userNamed(context, known.user), ...next } })
  return { ok: 1 }
}

function userNamed({ set, command }: Context, user: string): UserRecord {
  const known = set.data.users.get(userIdOf(command.db, user))
  if (!known) throw new CommandError('UserNotFound', `User '${user}@${command.db}' not found`)
  return known
}

function dropUser(context: Context): Doc {
  const { set, command } = context
  set.commit({ kind: 'dropUser', id: userNamed(context, command.string('dropUser')).id })
  return { ok: 1 }
}

function changeRoles(change: (user: UserRecord, roles: UserRecord['roles']) => UserRecord): Handler['run'] {
  return (context) => {
    const { set, command } = context
    const known = userNamed(context, command.string(command.name))
    set.commit({ kind: 'user', user: change(known, parseRoles(command.args.roles, command.db, set.data.roles)) })
    return { ok: 1 }
  }
}

function usersInfo(context: Context): Doc {
  const { set, command, client } = context
  const wanted = command.args.usersInfo
  const own = client.user(set.data.users)?.id
  const found = [...set.data.users.values()].filter(selectorOf(wanted, command.db))
  const credentials = command.args.showCredentials === true
  if (credentials || !found.every(({ id }) => id === own) || found.length === 0)
    requireAction(context, 'viewUser', { db: command.db, collection: '' })
  return { users: found.map((user) => ({ ...shown(user), ...(credentials ? credentialsOf(user) : {}) })), ok: 1 }
}

function selectorOf(wanted: unknown, db: string): (user: UserRecord) => boolean {
  if (wanted === 1 || wanted === true) return (user) => user.db === db
  if (isDoc(wanted) && wanted.forAllDBs === true) return () => true
  const ids = new Set([wanted].flat().map((one) => userIdFrom(one, db)))
  return (user) => ids.has(user.id)
}

function userIdFrom(one: unknown, db: string): string {
  if (typeof one === 'string') return userIdOf(db, one)
  if (isDoc(one) && typeof one.user === 'string' && typeof one.db === 'string') return userIdOf(one.db, one.user)
  throw new CommandError('BadValue', 'usersInfo takes a name, { user, db }, a list of these, 1, or { forAllDBs: true }')
}

const shown = ({ id, uuid, user, db, roles, customData }: UserRecord): Doc => ({
  _id: id,
  userId: new UUID(uuid),
  user,
  db,
  ...(customData ? { customData } : {}),
  roles: roles.map((role) => ({ ...role })),
  mechanisms,
})

const credentialsOf = ({ verifier }: UserRecord): Doc => ({
  credentials: {
    'SCRAM-SHA-256': {
      iterationCount: verifier.iterationCount,
      salt: Buffer.from(verifier.salt).toString('base64'),
      storedKey: Buffer.from(verifier.storedKey).toString('base64'),
      serverKey: Buffer.from(verifier.serverKey).toString('base64'),
    },
  },
})

const changes = (run: Handler['run']): Handler => ({
  needs: { action: 'changeUser', on: 'database' },
  at: 'primary',
  run,
})

export const userCommands: Readonly<Record<string, Handler>> = {
  createUser: changes(createUser),
  updateUser: { needs: 'user', at: 'primary', run: updateUser },
  dropUser: changes(dropUser),
  grantRolesToUser: changes(changeRoles(withRoles)),
  revokeRolesFromUser: changes(changeRoles(withoutRoles)),
  usersInfo: { needs: 'user', at: 'any', run: usersInfo },
}
