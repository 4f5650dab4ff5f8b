// The edge as a process of its own, for tests that kill it.

import { edgeMain } from '../main.ts'

process.exitCode = await edgeMain(process.env)
