// Makes dist/: the bundle, the JSON Schema for editors, the console, and beside it the template of an embedded database,
// so that `npm start` and the bin wait neither for a TypeScript loader nor for initdb. Runs as the repository's `prepare` and the package's `prepack`.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { jsonSchema } from '@postern/cli/apply/json-schema'
import { buildTemplate, templateName } from '@postern/control-plane/store/template'
import { buildConsole } from '../console/build.ts'
import { bundle } from './build.ts'

const dist = fileURLToPath(new URL('dist', import.meta.url))

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await bundle(dist)
writeFileSync(`${dist}/apply.schema.json`, `${JSON.stringify(jsonSchema(), null, 2)}\n`)
await buildConsole(`${dist}/console`)
await buildTemplate(`${dist}/${templateName}`)
