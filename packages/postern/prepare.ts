// Makes dist/: the bundle, and beside it the template of an embedded database, so that `npm start` and the bin wait
// neither for a TypeScript loader nor for initdb. Runs as the repository's `prepare` and the package's `prepack`.

import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildTemplate, templateName } from '@postern/control-plane/store/template'
import { bundle } from './build.ts'

const dist = fileURLToPath(new URL('dist', import.meta.url))

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await bundle(dist)
await buildTemplate(`${dist}/${templateName}`)
