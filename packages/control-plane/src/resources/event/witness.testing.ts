// A witness beside the HTTP engine, as the one for the contract is: every write that succeeds must have left an audit
// event, of a type that is told, with who acted and from where. Wrap an engine in it, make any journey, then ask for
// what was missing.

import { atlasGroupEventTypes, atlasOrgEventTypes } from '@postern/contract/atlas-event-types'
import { ownEventTypes } from '@postern/contract/event'
import { type OperationId, routes } from '@postern/contract/routes'
import type { Http } from '../../http/http.ts'
import { compileRoutes } from '../../http/match.ts'
import type { Store } from '../../parts.ts'

export interface EventWitness {
  readonly watch: (http: Http) => Http
  /** One line each; empty is good. */
  readonly problems: () => readonly string[]
  /** Those of `operations` that write, are not quiet, and were not seen. */
  readonly unseen: (operations: Iterable<OperationId>) => readonly OperationId[]
}

/** `quiet`: operations that change nothing that an organization or a group owns, each with its reason. */
export const createEventWitness = (
  store: Store,
  quiet: Partial<Readonly<Record<OperationId, string>>> = {},
): EventWitness => {
  const match = compileRoutes(routes)
  const known = new Set<string>([...atlasGroupEventTypes, ...atlasOrgEventTypes, ...ownEventTypes])
  const problems = new Set<string>()
  const covered = new Set<OperationId>()
  const seen = new Set<string>()

  /** What people and programs did since the last call; turns run on beside, and their events are theirs. */
  const fresh = async () => {
    const rows = await store.read.selectFrom('event').selectAll().where('actor_kind', '<>', 'SYSTEM').execute()
    const found = rows.filter(({ id }) => !seen.has(id))
    for (const { id } of found) seen.add(id)
    return found
  }

  return {
    watch: (http) => ({
      fetch: async (request, info) => {
        const found = match(request.method, info.rawTarget.split('?', 1)[0] ?? '')
        if (request.method === 'GET' || found.found !== 'operation') return http.fetch(request, info)
        await fresh()
        const response = await http.fetch(request, info)
        const { operation } = found
        if (!response.ok || operation in quiet) return response
        covered.add(operation)
        const events = await fresh()
        if (events.length === 0) problems.add(`${operation} leaves no event`)
        for (const { type, source_address, actor_id } of events) {
          if (!known.has(type)) problems.add(`${operation}: neither Atlas nor Postern has an event type ${type}`)
          if (source_address === null) problems.add(`${operation}: ${type} does not say from where`)
          if (actor_id === '') problems.add(`${operation}: ${type} does not say who`)
        }
        return response
      },
    }),
    problems: () => [...problems].sort(),
    unseen: (operations) =>
      [...operations].filter((id) => routes[id].method !== 'GET' && !(id in quiet) && !covered.has(id)),
  }
}
