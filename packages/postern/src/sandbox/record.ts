// What the journal and the snapshot hold: every change as its outcome, never as the command that led to it, so that
// reading them again needs no query engine and gives the same data. Documents stay the bytes that they came as.
import { Binary, deserialize, Long, serialize } from 'bson'
import type { Privilege, PrivilegeResource, Role, RoleRecord } from './authorize.ts'
import { type Doc, isDoc } from './document.ts'
import type { Verifier } from './scram.ts'

/** A remembered outcome of one statement of a retryable write. */
export type RetryRecord = {
  readonly session: string
  readonly txn: bigint
  readonly statement: number
  readonly outcome: Doc
}
export type IndexSpec = {
  readonly name: string
  readonly key: Doc
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial?: Doc
  /** The whole specification as it was given, for listIndexes. */
  readonly given: Doc
}
export type UserRecord = {
  readonly id: string
  readonly user: string
  readonly db: string
  readonly uuid: string
  readonly roles: readonly Role[]
  readonly verifier: Verifier
  readonly customData?: Doc
}

export type Change =
  | { readonly kind: 'create'; readonly ns: string; readonly uuid: string }
  | { readonly kind: 'drop'; readonly ns: string }
  | { readonly kind: 'put'; readonly ns: string; readonly raw: Uint8Array; readonly retry?: RetryRecord }
  | { readonly kind: 'delete'; readonly ns: string; readonly key: string; readonly retry?: RetryRecord }
  | { readonly kind: 'index'; readonly ns: string; readonly spec: IndexSpec }
  | { readonly kind: 'dropIndex'; readonly ns: string; readonly name: string }
  | { readonly kind: 'user'; readonly user: UserRecord }
  | { readonly kind: 'dropUser'; readonly id: string }
  | { readonly kind: 'role'; readonly role: RoleRecord }
  | { readonly kind: 'dropRole'; readonly id: string }
  | { readonly kind: 'term'; readonly term: number }
  | { readonly kind: 'retry'; readonly retry: RetryRecord }

export function encodeChange(change: Change): Uint8Array {
  return serialize(packed(change), { ignoreUndefined: true })
}

function packed(change: Change): Doc {
  switch (change.kind) {
    case 'put':
      return { ...change, raw: new Binary(change.raw), retry: change.retry && packRetry(change.retry) }
    case 'delete':
      return { ...change, retry: change.retry && packRetry(change.retry) }
    case 'retry':
      return { ...change, retry: packRetry(change.retry) }
    case 'user': {
      const { verifier } = change.user
      const keys = {
        salt: new Binary(verifier.salt),
        storedKey: new Binary(verifier.storedKey),
        serverKey: new Binary(verifier.serverKey),
      }
      return { ...change, user: { ...change.user, verifier: { ...keys, iterationCount: verifier.iterationCount } } }
    }
    default:
      return change
  }
}

const packRetry = (retry: RetryRecord): Doc => ({
  ...retry,
  txn: Long.fromBigInt(retry.txn),
  outcome: new Binary(serialize(retry.outcome)),
})

/** @throws Error when the bytes are no change of ours: the file is not a journal of this version */
export function decodeChange(raw: Uint8Array): Change {
  const doc: Doc = deserialize(raw, { promoteLongs: true, promoteBuffers: true })
  const change = unpacked(doc)
  if (!change) throw new Error(`an unknown kind of record: ${String(doc.kind)}`)
  return change
}

function unpacked(doc: Doc): Change | undefined {
  const ns = String(doc.ns)
  const retry = isDoc(doc.retry) ? { retry: unpackRetry(doc.retry) } : {}
  switch (doc.kind) {
    case 'create':
      return { kind: 'create', ns, uuid: String(doc.uuid) }
    case 'drop':
      return { kind: 'drop', ns }
    case 'put':
      return { kind: 'put', ns, raw: bytes(doc.raw), ...retry }
    case 'delete':
      return { kind: 'delete', ns, key: String(doc.key), ...retry }
    case 'index':
      return { kind: 'index', ns, spec: unpackIndex(doc.spec) }
    case 'dropIndex':
      return { kind: 'dropIndex', ns, name: String(doc.name) }
    case 'user':
      return { kind: 'user', user: unpackUser(doc.user) }
    case 'dropUser':
      return { kind: 'dropUser', id: String(doc.id) }
    case 'role':
      return { kind: 'role', role: unpackRole(doc.role) }
    case 'dropRole':
      return { kind: 'dropRole', id: String(doc.id) }
    case 'term':
      return { kind: 'term', term: Number(doc.term) }
    case 'retry':
      return isDoc(doc.retry) ? { kind: 'retry', retry: unpackRetry(doc.retry) } : undefined
    default:
      return undefined
  }
}

function unpackRetry(doc: Doc): RetryRecord {
  const outcome = deserialize(bytes(doc.outcome), { promoteValues: false, bsonRegExp: true })
  return { session: String(doc.session), txn: BigInt(String(doc.txn)), statement: Number(doc.statement), outcome }
}

function unpackIndex(value: unknown): IndexSpec {
  const spec = isDoc(value) ? value : {}
  return {
    name: String(spec.name),
    key: isDoc(spec.key) ? spec.key : {},
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    ...(isDoc(spec.partial) ? { partial: spec.partial } : {}),
    given: isDoc(spec.given) ? spec.given : {},
  }
}

function unpackUser(value: unknown): UserRecord {
  const user = isDoc(value) ? value : {}
  const verifier = isDoc(user.verifier) ? user.verifier : {}
  return {
    id: String(user.id),
    user: String(user.user),
    db: String(user.db),
    uuid: String(user.uuid),
    roles: unpackRoles(user.roles),
    verifier: {
      iterationCount: Number(verifier.iterationCount),
      salt: bytes(verifier.salt),
      storedKey: bytes(verifier.storedKey),
      serverKey: bytes(verifier.serverKey),
    },
    ...(isDoc(user.customData) ? { customData: user.customData } : {}),
  }
}

const documentsOf = (value: unknown): readonly Doc[] => (Array.isArray(value) ? value.filter(isDoc) : [])

const unpackRoles = (value: unknown): readonly Role[] =>
  documentsOf(value).map(({ role, db }) => ({ role: String(role), db: String(db) }))

function unpackRole(value: unknown): RoleRecord {
  const role = isDoc(value) ? value : {}
  return {
    id: String(role.id),
    role: String(role.role),
    db: String(role.db),
    privileges: documentsOf(role.privileges).map(unpackPrivilege),
    roles: unpackRoles(role.roles),
  }
}

const unpackPrivilege = ({ resource, actions }: Doc): Privilege => ({
  resource: unpackResource(isDoc(resource) ? resource : {}),
  actions: Array.isArray(actions) ? actions.map(String) : [],
})

function unpackResource({ cluster, anyResource, db, collection }: Doc): PrivilegeResource {
  if (cluster === true) return { cluster }
  return anyResource === true ? { anyResource } : { db: String(db), collection: String(collection) }
}

function bytes(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof Binary) return Buffer.from(value.buffer.subarray(0, value.position))
  throw new Error('a record without its bytes')
}
