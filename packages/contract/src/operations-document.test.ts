// docs/operations.md says which operations of the Atlas Administration API are here and which are not. It is written
// from the route table and Atlas's own contract, so that neither can change without it: `npx vitest run
// packages/contract -u` writes it anew.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Route, routes } from './routes.ts'

const fixture = new URL('../../../fixtures/contract-facts.json', import.meta.url)
const paths = (JSON.parse(readFileSync(fixture, 'utf8')) as { readonly paths: Readonly<Record<string, object>> }).paths

const atlas = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods as Readonly<Record<string, { readonly operationId?: string }>>).flatMap(
    ([method, { operationId }]) => (operationId === undefined ? [] : [{ operationId, method, path }]),
  ),
)
const ours: readonly (readonly [string, Route])[] = Object.entries(routes)
const known = new Set(atlas.map(({ operationId }) => operationId))

function text(): string {
  const here = ours.filter(([id]) => known.has(id))
  const away = atlas.filter(({ operationId }) => !(operationId in routes))
  const besides = ours.filter(([id]) => !known.has(id))
  const row = ([id, { method, path, v1 }]: readonly [string, Route]): string =>
    `| \`${id}\` | ${method} | \`${path}\` | ${v1 === true ? 'yes' : ''} |`
  const head = '| operation | method | path | also under v1.0 |\n|---|---|---|---|'
  return `# Operations

Written from \`packages/contract/src/routes.ts\` and Atlas's own contract of the parts that matter here
(\`fixtures/contract-facts.json\`) by \`packages/contract/src/operations-document.test.ts\`; do not edit it by hand.
Whatever is not listed as being here answers 404.

## Of the Atlas Administration API: ${here.length} of ${atlas.length}
${head}
${here.map(row).join('\n')}

## Postern's own, and what official clients call besides
${head}
${besides.map(row).join('\n')}

## Not here
${away.map(({ operationId, method, path }) => `- \`${operationId}\` (${method.toUpperCase()} \`${path}\`)`).join('\n') || 'Nothing is left out.'}
`
}

test('docs/operations.md lists every operation that there is, and every one of Atlas’s that there is not', async () => {
  await expect(text()).toMatchFileSnapshot('../../../docs/operations.md')
})
