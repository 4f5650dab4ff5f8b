import { expect, test } from 'vitest'
import { createTurnstile } from './turnstile.ts'

/** A turn that ends when it is told to. */
const turn = () => {
  const told: { end: () => void } = { end: () => {} }
  const ended = new Promise<void>((resolve) => {
    told.end = resolve
  })
  return { end: () => told.end(), work: () => ended }
}

test('open, turns pass beside each other, and their results come back', async () => {
  const stile = createTurnstile()
  const [one, other] = [turn(), turn()]
  const both = Promise.all([stile.pass(one.work), stile.pass(async () => 'second'), stile.pass(other.work)])
  other.end()
  one.end()
  expect(await both).toEqual([undefined, 'second', undefined])
})

test('shut, whoever is in is waited for, and whoever comes waits', async () => {
  const stile = createTurnstile()
  const order: string[] = []
  const inside = turn()
  const first = stile.pass(inside.work).then(() => order.push('the one inside is out'))
  const shut = stile.shut(60_000).then(() => order.push('shut'))
  const late = stile.pass(async () => order.push('the late one is in'))
  inside.end()
  await Promise.all([first, shut])
  expect(order.toSorted()).toEqual(['shut', 'the one inside is out'])
  stile.open()
  await late
  expect(order.at(-1)).toBe('the late one is in')
})

test('a turn that does not end holds nobody up for ever', async () => {
  const stile = createTurnstile()
  const stuck = turn()
  void stile.pass(stuck.work)
  await stile.shut(1)
  stuck.end()
})

test('a turn that fails is out like any other', async () => {
  const stile = createTurnstile()
  await expect(stile.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await stile.shut(60_000)
})
