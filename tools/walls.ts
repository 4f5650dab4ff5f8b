// The judge of the import walls: dependency-cruiser with .dependency-cruiser.cjs. A cruise that reads no module, or no
// arrow between two workspaces, would pass silently, so that is a failure here.

import { cruise } from 'dependency-cruiser'
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const config = await extractConfig('./.dependency-cruiser.cjs')
const { output } = await cruise(
  ['packages', 'bench', 'fuzz', 'drills'],
  {
    ...config.options,
    ruleSet: { forbidden: config.forbidden ?? [] },
    exclude: { path: '(/dist/|/node_modules/.*/node_modules/)' },
  },
  undefined,
  { tsConfig: extractTsConfig('./tsconfig.json') },
)
if (typeof output === 'string') throw new Error('dependency-cruiser answered text where data was asked for')
const between = output.modules
  .filter((module) => module.source.startsWith('packages/'))
  .flatMap((module) => module.dependencies.map((dependency) => [module.source, dependency.resolved] as const))
  .filter(([from, to]) => to.startsWith('packages/') && from.split('/')[1] !== to.split('/')[1]).length
for (const { rule, from, to } of output.summary.violations) process.stdout.write(`${rule.name}: ${from} -> ${to}\n`)
process.stdout.write(
  `walls: ${output.summary.totalCruised} modules, ${between} arrows between workspaces, ${output.summary.error} broken\n`,
)
if (output.summary.totalCruised === 0 || between === 0 || output.summary.error > 0) process.exitCode = 1
