// A parent of an edge, for a test that kills it: passes on what the edge says when it is ready, and nothing else.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const edge = fork(fileURLToPath(new URL('./edge-entry.ts', import.meta.url)))
edge.on('message', (message) => process.send?.(message))
