// The OpenAPI document put to the test by whoever knows nothing but it: every example in it is sent to a running control
// plane, in the order that it names, and every answer is held against the document's own schemas (JSON Schema 2020-12).
// Only ids are put in place, as the document says where they are found.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { openApiDocument } from '@postern/contract/openapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, type Ask, ask, byToken, testHttpParts } from './testing.ts'
import { startWhole, type Whole } from './whole.testing.ts'

const tools = new URL('../../../../test-tools/', import.meta.url)
const installed = existsSync(fileURLToPath(new URL('node_modules/ajv/package.json', tools)))
const missing = 'test-tools/ is not installed; npm test installs it'

type Shown = Readonly<Record<string, { readonly value: unknown }>>
interface Described {
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly examples?: Shown }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly examples?: Shown }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly 'x-postern-examples'?: Readonly<
    Record<string, { readonly order: number; readonly keeps?: Readonly<Record<string, string>> }>
  >
}

const document = openApiDocument('http://localhost:8080')
const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Described>>>>
const steps = Object.entries(paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, described]) =>
      Object.entries(described['x-postern-examples'] ?? {}).map(([name, example]) => ({
        ...example,
        says: name === 'example' ? described.operationId : `${described.operationId}, ${name}`,
        name,
        path,
        method,
        described,
      })),
    ),
  )
  .sort((one, other) => one.order - other.order)
type Step = (typeof steps)[number]

/** Values of examples, and what is really there. */
const real = new Map<string, string>()
let whole: Whole
let fits: (pointer: string, value: unknown) => readonly unknown[]

beforeAll(async () => {
  if (!installed) return
  whole = await startWhole()
  const parameter = (operation: string, name: string): string => {
    const found = steps.find(({ described }) => described.operationId === operation)
    const shown = found?.described.parameters.find((each) => each.name === name)?.examples
    return String(Object.values(shown ?? {})[0]?.value)
  }
  real.set(parameter('getOrg', 'orgId'), whole.api.orgId)
  fits = validator()
})
afterAll(() => whole?.close())

/** Answers what is wrong with a value under the schema that stands at this pointer of the document. */
function validator(): typeof fits {
  const load = createRequire(new URL('package.json', tools))
  const { default: Ajv } = load('ajv/dist/2020.js')
  const { default: addFormats } = load('ajv-formats')
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema({ $id: 'openapi', ...document })
  return (pointer, value) => {
    const valid = ajv.getSchema(`openapi#${pointer}`) as { (value: unknown): boolean; errors?: readonly unknown[] }
    return valid(value) ? [] : (valid.errors ?? [])
  }
}

/** With every id of an example replaced by the real one. */
const withRealIds = (value: unknown): unknown =>
  value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value), (_, each: unknown) =>
        typeof each === 'string' ? (real.get(each) ?? each) : each,
      )

const escaped = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1')
const at = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inside, key) => (inside as Readonly<Record<string, unknown>> | undefined)?.[key], value)

function requestOf({ path, method, name, described }: Step): Ask {
  const given = (place: string) =>
    described.parameters
      .filter((parameter) => parameter.in === place && parameter.examples?.[name] !== undefined)
      .map((parameter): [string, string] => [parameter.name, String(withRealIds(parameter.examples?.[name]?.value))])
  const inPath = new Map(given('path'))
  const query = new URLSearchParams(given('query')).toString()
  const target = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(inPath.get(key) ?? `{${key}}`))
  const [contentType = '', { examples = {} } = {}] = Object.entries(described.requestBody?.content ?? {}).at(-1) ?? []
  const accept = Object.keys(successOf(described).content ?? {}).at(-1) ?? 'application/json'
  const body = withRealIds(examples[name]?.value)
  const edge = described.security.some((scheme) => 'EdgeToken' in scheme)
  return {
    method: method.toUpperCase(),
    path: query === '' ? target : `${target}?${query}`,
    ...(described.security.length > 0 && { as: edge ? byToken(testHttpParts.edgeToken) : whole.api.owner }),
    headers: { accept, ...(body !== undefined && { 'content-type': contentType }) },
    ...(body !== undefined && {
      body: contentType.includes('form') ? new URLSearchParams(body as Record<string, string>).toString() : body,
    }),
  }
}

const statusOf = ({ responses }: Described): string => Object.keys(responses).find((each) => each.startsWith('2')) ?? ''
const successOf = (described: Described) => described.responses[statusOf(described)] ?? {}

/** Sends it; a read until it shows what the next steps need, a deletion until nothing on its way out hinders it. */
async function perform(step: Step): Promise<Answer> {
  const wanted = Object.entries(step.keeps ?? {})
  const isDone = ({ status, body }: Answer): boolean =>
    step.method === 'delete'
      ? status !== 409
      : status >= 400 || wanted.every(([, pointer]) => at(body, pointer) != null)
  let answer = await ask(whole.api.http, requestOf(step))
  if (step.method === 'delete' || step.method === 'get')
    await expect
      .poll(
        async () => {
          if (!isDone(answer)) answer = await ask(whole.api.http, requestOf(step))
          return isDone(answer) ? 'done' : answer.text
        },
        { timeout: 30_000, interval: 20 },
      )
      .toBe('done')
  if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`)
  for (const [example, pointer] of wanted) real.set(example, String(at(answer.body, pointer)))
  return answer
}

describe('every example of the document, sent in its order', () => {
  test.for(steps)('$says', async (step, { skip }) => {
    if (!installed) skip(missing)
    const answer = await perform(step)
    const status = statusOf(step.described)
    expect(String(answer.status)).toBe(status)
    const { content } = successOf(step.described)
    if (content === undefined) return expect(answer.text).toBe('')
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';')
    expect(Object.keys(content)).toContain(type)
    const pointer = ['paths', step.path, step.method, 'responses', status, 'content', type, 'schema']
    // A certificate comes as it is, under a type that says JSON: so Atlas does it.
    const value = answer.body ?? answer.text
    expect(fits(pointer.map((each) => `/${escaped(each)}`).join(''), value)).toEqual([])
  })
})

interface Refused extends Ask {
  readonly says: string
  readonly status: number
  readonly nobody?: true
}

describe('refusals of the document', () => {
  test.for<Refused>([
    { says: 'no such project', method: 'GET', path: `/api/atlas/v2/groups/${'1'.repeat(24)}`, status: 404 },
    { says: 'a body that lacks a field', method: 'POST', path: '/api/atlas/v2/groups', body: {}, status: 400 },
    { says: 'nobody who is known', method: 'GET', path: '/api/atlas/v2/groups', status: 401, nobody: true },
  ])('$says', async ({ nobody, status, says: _, ...wish }, { skip }) => {
    if (!installed) skip(missing)
    const answer = await ask(whole.api.http, nobody === true ? wish : { ...wish, as: whole.api.owner })
    expect(answer.status).toBe(status)
    expect(fits('/components/schemas/ApiError', answer.body)).toEqual([])
  })
})
