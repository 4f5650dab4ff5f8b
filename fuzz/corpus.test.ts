// Every input that is kept still does what its target promises, and so do the good inputs that a search begins with.

import { describe, expect, test } from 'vitest'
import { readKept } from './engine/kept.ts'
import { targets } from './targets.ts'

describe.each(Object.entries(targets))('%s', (name, target) => {
  test(target.says, async () => {
    const kept = readKept(name)
    expect(kept.length).toBeGreaterThan(5)
    for (const input of [...kept.map(({ input }) => input), ...(await target.seeds())]) {
      try {
        target.run(input)
      } catch (error) {
        throw new Error(`the input ${input.toString('hex')}`, { cause: error })
      }
    }
  })
})
