// Walls between the workspaces (ARCHITECTURE.md, "Floors"). Arrows go down only; tools/walls.ts runs this and fails
// when it read no module at all.
const src = (name) => `^packages/${name}/(src|journeys)`

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-stands-alone',
      comment: 'the words all share: zod and nothing else, no I/O',
      severity: 'error',
      from: { path: src('contract'), pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^packages/contract/src', 'node_modules/zod/'] },
    },
    {
      name: 'contract-words-without-zod',
      comment: 'zod only in schemas/ and the OpenAPI document: the command line never loads it',
      severity: 'error',
      from: { path: src('contract'), pathNot: ['^packages/contract/src/schemas/', 'openapi\\.ts$', '\\.test\\.ts$'] },
      to: { path: 'node_modules/zod/', dependencyTypesNot: ['type-only'] },
    },
    ...['control-plane', 'edge', 'cli', 'console'].map((name) => ({
      name: `${name}-knows-only-contract`,
      severity: 'error',
      from: { path: src(name) },
      to: { path: '^packages/', pathNot: [`^packages/${name}/`, '^packages/contract/src'] },
    })),
    {
      name: 'only-control-plane-has-a-database',
      severity: 'error',
      from: { path: '^packages/(contract|edge|cli|console)/src' },
      to: { path: 'node_modules/(kysely|pg|pg-boss|@electric-sql)/' },
    },
    ...[
      ['http', 'resources|providers|snapshots|simulation'],
      ['reconcile', 'resources|providers|snapshots|http'],
      ['providers', 'http|reconcile|snapshots'],
      ['store', 'http|reconcile|resources|providers|snapshots'],
    ].map(([engine, above]) => ({
      name: `${engine}-is-an-engine`,
      comment: 'engines receive handlers and reconcilers as data and know no resource',
      severity: 'error',
      from: { path: `^packages/control-plane/src/${engine}/`, pathNot: ['\\.(test|case|testing)\\.ts$'] },
      to: { path: `^packages/control-plane/src/(${above})/`, dependencyTypesNot: ['type-only'] },
    })),
    {
      name: 'pure-parts-open-no-socket',
      severity: 'error',
      from: {
        path: [
          '^packages/edge/src/gateway/(wire|translate|admit)',
          '^packages/edge/src/dns/answer',
          '/next-step\\.ts$',
          '^packages/control-plane/src/snapshots/',
        ],
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^(node:)?(net|tls|http|https|dgram|fs|child_process)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
