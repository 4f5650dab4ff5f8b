// All that a cluster holds, in memory: collections, users, what was answered to retryable writes, the last term.
// It changes by `apply` alone, live and when the journal is read again, so both ways give the same data.

import { type RoleRecord, roleIdOf } from './authorize.ts'
import { Collection } from './collection.ts'
import type { Change, UserRecord } from './record.ts'
import { Retries } from './retries.ts'

export class DataSet {
  readonly users = new Map<string, UserRecord>()
  readonly roles = new Map<string, RoleRecord>()
  readonly retries = new Retries()
  readonly #collections = new Map<string, Collection>()
  #term = 0

  get term(): number {
    return this.#term
  }

  collection(ns: string): Collection | undefined {
    return this.#collections.get(ns)
  }

  collections(): readonly Collection[] {
    return [...this.#collections.values()]
  }

  /** The collections of one database, by name. */
  collectionsOf(db: string): readonly Collection[] {
    const found = [...this.#collections.values()].filter(({ ns }) => ns.startsWith(`${db}.`))
    return found.sort((a, b) => (a.ns < b.ns ? -1 : 1))
  }

  databases(): readonly string[] {
    return [...new Set([...this.#collections.keys()].map((ns) => ns.slice(0, ns.indexOf('.'))))].sort()
  }

  /** One of its own that is as this one is now. */
  copy(): DataSet {
    const copy = new DataSet()
    for (const change of this.changes()) copy.apply(change)
    return copy
  }

  apply(change: Change): void {
    if ('retry' in change && change.retry) this.retries.remember(change.retry)
    switch (change.kind) {
      case 'create':
        if (!this.#collections.has(change.ns)) this.#collections.set(change.ns, new Collection(change.ns, change.uuid))
        break
      case 'drop':
        this.#collections.delete(change.ns)
        break
      case 'put':
        this.#collections.get(change.ns)?.put(change.raw)
        break
      case 'delete':
        this.#collections.get(change.ns)?.delete(change.key)
        break
      case 'index':
        this.#collections.get(change.ns)?.addIndex(change.spec)
        break
      case 'dropIndex':
        this.#collections.get(change.ns)?.dropIndex(change.name)
        break
      case 'user':
        this.users.set(change.user.id, change.user)
        break
      case 'dropUser':
        this.users.delete(change.id)
        break
      case 'role':
        this.roles.set(change.role.id, change.role)
        break
      case 'dropRole':
        this.#dropRole(change.id)
        break
      case 'term':
        this.#term = change.term
        break
      case 'retry':
        break
      default:
        change satisfies never
    }
  }

  /** Whoever held the role, or inherited it, does so no more. */
  #dropRole(id: string): void {
    this.roles.delete(id)
    const without = <Holder extends UserRecord | RoleRecord>(holder: Holder): Holder => ({
      ...holder,
      roles: holder.roles.filter((held) => roleIdOf(held) !== id),
    })
    for (const [key, user] of this.users) this.users.set(key, without(user))
    for (const [key, role] of this.roles) this.roles.set(key, without(role))
  }

  /** The changes that make an empty data set equal to this one as it is now; later changes do not show in it. */
  changes(): readonly Change[] {
    const changes: Change[] = [{ kind: 'term', term: this.#term }]
    for (const role of this.roles.values()) changes.push({ kind: 'role', role })
    for (const user of this.users.values()) changes.push({ kind: 'user', user })
    for (const { ns, uuid, documents, indexes } of this.#collections.values()) {
      changes.push({ kind: 'create', ns, uuid })
      for (const { raw } of documents.values()) changes.push({ kind: 'put', ns, raw })
      for (const spec of indexes) if (spec.name !== '_id_') changes.push({ kind: 'index', ns, spec })
    }
    for (const retry of this.retries.records()) changes.push({ kind: 'retry', retry })
    return changes
  }
}
