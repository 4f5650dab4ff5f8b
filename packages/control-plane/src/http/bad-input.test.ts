// Bad input at every door: each route of the table, with whatever a careless or hostile caller may send. Every answer is
// a refusal in Atlas's form with a code of the catalogue, nothing is written, and no stack leaves the process.

import { errors } from '@postern/contract/errors'
import { type OperationId, type Route, routes } from '@postern/contract/routes'
import { type OperationSchemas, operationSchemas } from '@postern/contract/schemas/operations'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { gatherHandlers, gatherTesting } from '../control-plane.ts'
import { createMovingClock } from '../drills/moving-clock.ts'
import { createEngines, type Engines } from '../engines/engines.ts'
import { createTurnDriver } from '../engines/turn-driver.testing.ts'
import { createProviders } from '../providers/providers.ts'
import { createEdgeNews } from '../resources/edge/news.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { type Answer, type Ask, ask, createTestApi, type TestApi, testHttpParts, testSettings } from './testing.ts'

let store: TestStore
let api: TestApi
let engines: Engines
let bearer = ''
let tables: readonly string[] = []
let served: ReadonlySet<string> = new Set()

beforeAll(async () => {
  store = await createTestStore()
  const clock = createMovingClock({ now: () => Date.now() })
  const { turns } = createTurnDriver()
  const sandbox = { url: 'http://127.0.0.1:9', token: 'nobody listens there' }
  api = await createTestApi(
    store.store,
    (parts) => {
      engines = createEngines(parts, { fetch })
      const news = createEdgeNews()
      const providers = createProviders(parts)
      const stopping = new AbortController().signal
      const handlers = {
        ...gatherHandlers(parts, { secret: testHttpParts.httpSecret, news, engines, providers }),
        ...gatherTesting(parts, { clock, turns, engines, providers, news, stopping, stop: () => {} }).handlers,
      }
      served = new Set(Object.keys(handlers))
      return handlers
    },
    { settings: { ...testSettings, sandbox }, clock },
  )
  bearer = await api.owner({ method: '', path: '', challenge: '' })
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'used_nonce' order by 1
  `.execute(store.store.read)
  tables = rows.map(({ name }) => name)
})
afterAll(async () => {
  await engines.close()
  await store.close()
})

const doors = (Object.entries(routes) as [OperationId, Route][]).map(([operation, route]) => ({
  operation,
  route,
  schemas: ((operationSchemas as Partial<Record<OperationId, OperationSchemas>>)[operation] ?? {}) as OperationSchemas,
}))
type Door = (typeof doors)[number]

const someId = 'a'.repeat(24)
const fill = (path: string, given: Readonly<Record<string, string>> = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const usual: Readonly<Record<string, string>> = {
      groupId: api.groupId,
      orgId: api.orgId,
      cloudProvider: 'AWS',
      feed: 'gateway',
    }
    return given[name] ?? usual[name] ?? someId
  })

const credentials = ({ access }: Route): Readonly<Record<string, string>> =>
  access.kind === 'public'
    ? {}
    : { authorization: access.kind === 'edge' ? `Bearer ${testHttpParts.edgeToken}` : bearer }

const attack = (door: Door, wish: Partial<Ask> = {}): Promise<Answer> =>
  ask(api.http, {
    method: door.route.method,
    path: fill(door.route.path),
    ...wish,
    headers: {
      ...credentials(door.route),
      ...(door.route.form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...wish.headers,
    },
  })

/**
 * Everything in the store, a line for each table; digest's memory of nonces is no change that a caller made. Asked twice for each
 * door, so it is one statement.
 */
const everything = async (): Promise<string> => {
  const sums = tables.map(
    (name) => sql`select ${name} || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), 'empty') as line
      from ${sql.table(name)} t`,
  )
  const { rows } = await sql<{ line: string }>`${sql.join(sums, sql` union all `)}`.execute(store.store.read)
  return rows.map(({ line }) => line).join('\n')
}

const problemOf = ({ status, text, headers, body }: Answer): string | null => {
  if (status < 400 || status > 499) return `status ${status}`
  if (/\bat .+:\d+:\d+|node_modules|\/src\//.test(text)) return 'a stack'
  if (text.length > 20_000) return `${text.length} characters`
  const said = body as { error?: unknown; errorCode?: string; error_description?: string } | undefined
  if (said?.error_description !== undefined || status === 401) return null
  if (said?.errorCode === undefined || !(said.errorCode in errors)) return `code ${said?.errorCode}`
  if (said.error !== status || headers.get('x-error-code') !== said.errorCode) return 'status or header that disagree'
  return null
}

/** As the attacks so far left it. */
let seen: string | null = null

/** Makes every attack and answers a line for each that was not refused as it should be. */
const survive = async (
  attacks: readonly { readonly says: string; readonly made: () => Promise<Answer>; readonly status?: number }[],
): Promise<readonly string[]> => {
  const before = seen ?? (await everything())
  const problems: string[] = []
  for (const { says, made, status } of attacks) {
    const answer = await made()
    const problem =
      status !== undefined && answer.status !== status ? `status ${answer.status}, not ${status}` : problemOf(answer)
    if (problem !== null) problems.push(`${says}: ${problem}: ${answer.text.slice(0, 200)}`)
  }
  seen = await everything()
  if (seen !== before) problems.push('something was written')
  return problems
}

const hostileParams = [
  '%zz',
  '%',
  'a%00b',
  '%ff%fe',
  '%2e%2e',
  '..',
  '%ED%A0%80',
  '%252F',
  "'%20or%201=1--",
  'x'.repeat(3000),
  '%F0%9F%98%80',
  ' ',
]
/** An unknown field is left out, so a body that holds nothing else is an empty one; a change may name nothing. */
const emptyObjects: readonly string[] = ['{}', '{"__proto__":{"a":1}}']
const hostileTexts = [
  '',
  'null',
  '[]',
  '"text"',
  '7',
  '{"a":',
  '{"a":1}{',
  'undefined',
  '[[[[',
  '{"a":"\\u0000"}',
  '{"a":"\\ud800"}',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
]
const hostileValues: readonly unknown[] = [
  null,
  true,
  -1,
  7.5,
  1e308,
  '',
  ' ',
  'x'.repeat(5000),
  '\u0000',
  '../..',
  [],
  [null],
  {},
  { a: [{}] },
]

/** A long poll waits: only what ends it at once may be sent there. */
const waits = ({ operation }: Door) => operation === 'getEdgeSnapshot' || operation === 'getEdgeQuestions'

const isServed = ({ operation }: Door) => served.has(operation)
const paramNames = ({ route }: Door) => [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

describe('refuses whoever is addressed wrongly, unknown, or speaks for a foreign page', () => {
  test.each(doors)('$operation', async (door) => {
    const { route } = door
    if (!isServed(door)) return
    const writes = route.method !== 'GET'
    const attacks = [
      { says: 'a foreign host', status: 421, made: () => attack(door, { headers: { host: 'evil.example' } }) },
      ...(route.access.kind === 'public'
        ? []
        : [
            {
              says: 'nobody',
              status: 401,
              made: () => ask(api.http, { method: route.method, path: fill(route.path) }),
            },
          ]),
      ...(writes
        ? [
            {
              says: 'a foreign page',
              status: 403,
              made: () => attack(door, { headers: { origin: 'https://evil.example' } }),
            },
          ]
        : []),
      { says: 'another method', status: 405, made: () => attack(door, { method: 'OPTIONS' }) },
      ...(route.versions.length > 0
        ? [{ says: 'a version before all', status: 406, made: () => attack(door, { version: '2000-01-01' }) }]
        : []),
      ...(waits(door)
        ? []
        : ['pageNum=0', 'itemsPerPage=501', 'includeCount=maybe', 'pretty=7', 'envelope=x'].map((query) => ({
            says: query,
            status: 400,
            made: () => attack(door, { path: `${fill(route.path)}?${query}` }),
          }))),
    ]
    expect(await survive(attacks)).toEqual([])
  })
})

describe('refuses tricks in its path', () => {
  test.each(doors.filter((door) => paramNames(door).length > 0))('$operation', async (door) => {
    const { route } = door
    const names = paramNames(door)
    if (!isServed(door)) return
    const attacks = names.flatMap((name) => [
      ...(name === 'groupId' || name === 'orgId'
        ? [
            {
              says: `an unknown ${name}`,
              status: 404,
              made: () => attack(door, { path: fill(route.path, { [name]: '0'.repeat(24) }) }),
            },
          ]
        : []),
      ...(waits(door) && name === 'edge'
        ? []
        : hostileParams.map((value) => ({
            says: `${name} ${value.slice(0, 20)}`,
            made: () => attack(door, { path: fill(route.path, { [name]: value }) }),
          }))),
    ])
    expect(await survive(attacks)).toEqual([])
  })
})

describe('refuses bodies that are none, too large, or wrong in any field', () => {
  test.each(doors.filter(({ schemas }) => schemas.body !== undefined))('$operation', async (door) => {
    const { route } = door
    const schema = door.schemas.body
    if (!schema || !isServed(door)) return
    const accepts = (body: unknown) => schema.safeParse(body).success
    const properties = Object.keys(
      (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {}) as object,
    )
    const random = fc.sample(
      fc.dictionary(fc.oneof(fc.constantFrom(...properties, 'other'), fc.string()), fc.jsonValue()),
      { seed: 5, numRuns: 30 },
    )
    const bodies = [
      ...properties.flatMap((property) => hostileValues.map((value) => ({ [property]: value }))),
      ...random,
    ].filter((body) => !accepts(body))
    const attacks = [
      { says: 'a huge body', status: 413, made: () => attack(door, { body: `"${'x'.repeat(1024 * 1024)}"` }) },
      {
        says: 'an undeclared body',
        status: 415,
        made: () => attack(door, { body: '{"a":1}', headers: { 'content-type': 'text/plain' } }),
      },
      ...(route.form
        ? ['', 'a=%zz', '&&&', 'grant_type=client_credentials&grant_type=x'].map((body) => ({
            says: body,
            made: () => attack(door, { body }),
          }))
        : [
            ...[...hostileTexts, ...(accepts({}) ? [] : emptyObjects)].map((body) => ({
              says: body.slice(0, 30),
              made: () => attack(door, { body }),
            })),
            ...bodies.map((body) => ({ says: JSON.stringify(body).slice(0, 60), made: () => attack(door, { body }) })),
          ]),
    ]
    expect(await survive(attacks)).toEqual([])
  })
})

test('every route of the table is served, so that none was left out above', () => {
  expect(Object.keys(routes).filter((operation) => !served.has(operation))).toEqual([])
})
