// The scripts that the fuzzer of the relay's core has kept still hold, in a build of whichever compiler is here.

import { test } from 'vitest'
import { compiler, NotHere } from './compile.ts'
import { replay } from './fuzz.ts'

test('every kept script holds', (context) => {
  try {
    if (process.platform !== 'linux') throw new NotHere('the relay is for Linux')
    compiler()
  } catch (error) {
    if (!(error instanceof NotHere)) throw error
    return context.skip(`SKIPPED, no relay: ${error.message}`)
  }
  replay(null)
}, 60_000)
