// A witness beside the HTTP engine, as the one for the contract is: every write that succeeds must have left an audit
// event, of a type that Atlas has, with who acted and from where. Wrap an engine in it, make any journey, then ask for
// what was missing.

import { readFileSync } from 'node:fs'
import { type OperationId, routes } from '@postern/contract/routes'
import type { Http } from '../../http/http.ts'
import { compileRoutes } from '../../http/match.ts'
import type { Store } from '../../parts.ts'

export interface EventWitness {
  readonly watch: (http: Http) => Http
  /** One line each; empty is good. */
  readonly problems: () => readonly string[]
  /** Operations whose writes were seen. */
  readonly covered: () => ReadonlySet<OperationId>
}

/** Types of our own, where Atlas has none; docs/api-differences.md has them too. */
const ownTypes: ReadonlySet<string> = new Set([
  'CONTAINER_CREATED',
  'ENDPOINT_SERVICE_RESTORED',
  'ENDPOINT_SERVICE_RETRIED',
  'ENDPOINT_SERVICE_UPDATED',
  'GROUP_SETTINGS_UPDATED',
  'INTERFACE_ENDPOINT_RESTORED',
  'MONGODB_ROLE_DRIFT_DETECTED',
  'MONGODB_USER_DRIFT_DETECTED',
  'ORG_DELETED',
  'WEBHOOK_DISABLED',
])

interface Schema {
  readonly $ref?: string
  readonly enum?: readonly string[]
  readonly oneOf?: readonly Schema[]
}

const atlasTypes = (): ReadonlySet<string> => {
  const fixture = new URL('../../../../../fixtures/contract-facts.json', import.meta.url)
  const { components } = JSON.parse(readFileSync(fixture, 'utf8')) as {
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  }
  const wordsOf = (schema: Schema | undefined): readonly string[] => [
    ...(schema?.enum ?? []),
    ...(schema?.oneOf ?? []).flatMap(wordsOf),
    ...(schema?.$ref ? wordsOf(components.schemas[schema.$ref.split('/').at(-1) ?? '']) : []),
  ]
  return new Set(['EventTypeForNdsGroup', 'EventTypeForOrg'].flatMap((name) => wordsOf(components.schemas[name])))
}

/** `quiet`: operations that change nothing that an organization or a group owns, each with its reason. */
export const createEventWitness = (
  store: Store,
  quiet: Partial<Readonly<Record<OperationId, string>>> = {},
): EventWitness => {
  const match = compileRoutes(routes)
  const known = atlasTypes()
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
          if (!known.has(type) && !ownTypes.has(type)) problems.add(`${operation}: Atlas has no event type ${type}`)
          if (source_address === null) problems.add(`${operation}: ${type} does not say from where`)
          if (actor_id === '') problems.add(`${operation}: ${type} does not say who`)
        }
        return response
      },
    }),
    problems: () => [...problems].sort(),
    covered: () => covered,
  }
}
