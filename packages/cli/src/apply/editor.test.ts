// What an editor says of a file, by the JSON Schema alone, and what the reader says of it: the same, as far as a schema can
// know. Every file that the documents show is among them.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { jsonSchema } from './json-schema.ts'
import { parseWishes } from './read-file.ts'

const root = new URL('../../../../', import.meta.url)
const tools = new URL('test-tools/', root)
const missing = existsSync(fileURLToPath(new URL('node_modules/ajv/package.json', tools)))
  ? null
  : 'test-tools/ is not installed; npm test installs it'

let isFine: (value: unknown) => boolean
beforeAll(() => {
  if (missing !== null) return
  const { default: Ajv } = createRequire(new URL('package.json', tools))('ajv')
  isFine = new Ajv({ strict: false, allErrors: true }).compile(jsonSchema())
})

const isRead = (text: string): boolean => {
  try {
    parseWishes(text, { name: 'shop.yaml', folder: '.' })
    return true
  } catch {
    return false
  }
}

/** The files that a document shows. */
const shownIn = (path: string): readonly string[] =>
  [...readFileSync(new URL(path, root), 'utf8').matchAll(/^```yaml\n([^`]*apiVersion:[^`]*)^```/gm)].map(
    ([, text = '']) => text,
  )
const shown = ['README.md', 'docs/apply.md'].flatMap((path) => shownIn(path).map((text, at) => ({ path, at, text })))

const inProject = (lines: string): string => `apiVersion: postern/v1\nprojects: [{ name: Shop, ${lines} }]\n`
const service = (endpoint: string): string =>
  inProject(`services: [{ provider: AWS, region: us-east-1, endpoints: [${endpoint}] }]`)

test('documents show files', () => {
  expect(shown.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'docs/apply.md']))
})

describe.each([
  { judge: 'the reader', judged: isRead, missing: null },
  { judge: 'an editor', judged: (text: string) => isFine(parse(text)), missing },
])('$judge', ({ judged, missing: without }) => {
  test.for(shown)('takes file $at of $path', ({ text }, { skip }) => {
    if (without !== null) skip(without)
    expect(judged(text)).toBe(true)
  })
  test.for([
    ['numbers that are texts', inProject('hash: 12345, tags: { version: 1.0 }')],
    ['a certificate instead of a password', inProject('users: [{ username: CN=a, x509: MANAGED, roles: [read] }]')],
    ['a local endpoint by name', service('{ local: shop, form: name }')],
  ])('takes %s', ([, text = ''], { skip }) => {
    if (without !== null) skip(without)
    expect(judged(text)).toBe(true)
  })
  test.for([
    ['another version', 'apiVersion: v2\nprojects: []\n'],
    ['no version', 'projects: []\n'],
    ['an unknown field', inProject('owner: me')],
    ['a hash that no host name could have', inProject('hash: Shop.')],
    ['no list', inProject('users: app')],
    [
      'a role that is none',
      inProject('apiKeys: [{ publicKey: suitekey, privateKeyFrom: { env: A }, description: a, roles: [KING] }]'),
    ],
    ['no private key', inProject('apiKeys: [{ publicKey: suitekey, description: a, roles: [GROUP_OWNER] }]')],
    [
      'too many members',
      inProject('clusters: [{ name: a, provider: AWS, region: us-east-1, tier: M10, members: 51 }]'),
    ],
    ['two passwords', inProject('users: [{ username: a, password: long-enough, x509: MANAGED, roles: [read] }]')],
    ['an endpoint by two names', service('{ local: shop, group: shop }')],
    ['an endpoint without a name', service('{ labels: { a: b } }')],
    ['a form of what is not local', service('{ id: vpce-00713b5e644e830a3, form: name }')],
    ['a label that is none', service('{ local: shop, labels: { "a b": c } }')],
    ['an address beside a security group', inProject('accessList: [{ ip: 10.0.0.1, securityGroup: sg-0a }]')],
  ])('refuses %s', ([, text = ''], { skip }) => {
    if (without !== null) skip(without)
    expect(judged(text)).toBe(false)
  })
})
