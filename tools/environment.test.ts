// docs/environment.md has every variable that a program reads under that program, and no other.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const variables = (text: string): readonly string[] =>
  [...new Set(text.match(/\bPOSTERN_[A-Z]+(?:_[A-Z]+)*\b/g))].toSorted()

/** The text under each heading. */
const sections = new Map(
  readFileSync('docs/environment.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split(/[:\n]/)[0] ?? '', section] as const),
)

test.each([
  { says: 'Control plane', read: ['packages/control-plane/src/config.ts'] },
  { says: 'Edge', read: ['packages/edge/src/config.ts'] },
  { says: 'Sandbox', read: ['packages/postern/src/sandbox/config.ts'] },
  {
    says: 'Commands',
    read: [
      'packages/cli/src/server/find-server.ts',
      'packages/cli/src/server/folders.ts',
      'packages/cli/src/commands/deployments/read-deployment.ts',
    ],
  },
])('$says', ({ says, read }) => {
  const code = read.map((path) => readFileSync(path, 'utf8')).join('\n')
  const inCode = variables(code.replaceAll(/pemPair\('\w+'\)/g, ''))
  expect(inCode.length).toBeGreaterThan(2)
  expect(variables(sections.get(says) ?? '')).toEqual(inCode)
})

test('what `up` hands on is marked', () => {
  const marked = [...(sections.get('Edge') ?? '').matchAll(/^\| (.*) \(`up`\) \|/gm)].map(([, names]) => names).join()
  const child = readFileSync('packages/postern/src/up/child.ts', 'utf8')
  expect(variables(marked)).toEqual(variables(child.slice(child.indexOf('inheritedEnvironment = '))))
})
