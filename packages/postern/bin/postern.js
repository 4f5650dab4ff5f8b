#!/usr/bin/env node
// The one bin. It stands in the repository so that npm can link it before the bundle beside it is made.
import module from 'node:module'

// What V8 has compiled is kept between starts where this Node.js can do so (22.1 and later).
module.enableCompileCache?.()
await import('../dist/bin.js')
