import { expect, test } from 'vitest'
import { createRandom } from '../../packages/postern/src/simulation/random.ts'
import { explore, type Target } from './explore.ts'
import { counterGlobal, instrument } from './instrument.ts'
import { mutated } from './mutate.ts'

/** Counted and loaded, as a bundle would be. */
function loaded(source: string): { readonly run: (input: Buffer) => void; readonly counters: Uint8Array } {
  const { source: counted, counters: count } = instrument('planted.ts', source, 0)
  const counters = new Uint8Array(count)
  const run = new Function('globalThis', `${counted}; return run`)({ [counterGlobal]: counters })
  return { run, counters }
}

const planted = `
function run(input) {
  if (input[0] === 0x50 && input[1] === 0x4f && input[2] === 0x53)
    if (input[3] === 0x54) throw new Error('found')
}`

const search = (seed: number, runs: number) => {
  const { run, counters } = loaded(planted)
  const target: Target = { says: '', longest: 64, seeds: () => [Buffer.alloc(8)], run }
  const tried: string[] = []
  return explore({
    target,
    counters,
    words: [],
    kept: [],
    random: createRandom(seed),
    goesOn: (executions) => executions < runs,
    before: (input) => tried.push(input.toString('hex')),
  }).then((explored) => ({ ...explored, tried }))
}

test('four bytes that stand nowhere are found, one after the other, and told in as few as there can be', async () => {
  const { findings, corpus } = await search(2, 100_000)
  expect(findings).toHaveLength(1)
  expect(findings[0]?.input.toString()).toBe('POST')
  expect(findings[0]?.error).toContain('found')
  expect(corpus.length).toBeGreaterThan(2)
})

test('a seed tries the same inputs again', async () => {
  const [one, other, third] = [await search(7, 5000), await search(7, 5000), await search(8, 5000)]
  expect(other.tried).toEqual(one.tried)
  expect(third.tried).not.toEqual(one.tried)
})

test('no input grows beyond its longest', () => {
  const random = createRandom(3)
  const inputs = [Buffer.alloc(90, 1), Buffer.alloc(100, 2)]
  for (let time = 0; time < 500; time++)
    expect(mutated(random, { inputs, words: [Buffer.alloc(50)], longest: 100 }).length).toBeLessThanOrEqual(100)
})

test('counted code does what it did, and each way through it has a counter of its own', () => {
  const { run, counters } = loaded(`
    const kind = (n) => n > 2 ? 'many' : n === 2 ? 'two' : 'few'
    function run(input) {
      const seen = []
      for (const byte of input) if (byte > 1 && byte < 9) seen.push(kind(byte)); else seen.push(byte || 'none')
      switch (seen.length) { case 0: return ['nothing']; default: { try { return seen } catch { return null } } }
    }`)
  const ways = (input: readonly number[]): string => {
    counters.fill(0)
    run(Buffer.from(input))
    return counters.join()
  }
  expect(run(Buffer.from([0, 1, 2, 3, 200]))).toEqual(['none', 1, 'two', 'many', 200])
  expect(run(Buffer.alloc(0))).toEqual(['nothing'])
  expect(new Set([[], [0], [1], [2], [3], [200], [1, 1]].map(ways)).size).toBe(7)
})
