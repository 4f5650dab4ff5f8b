// How many passwords are worked on at once, and what a flood is told. The work itself is held by the test.

import { expect, test } from 'vitest'
import { makeVerifier } from './password.ts'
import { createPasswordGate } from './password-gate.ts'

const held = () => {
  const ends: ((answer: boolean) => void)[] = []
  const verify = () => new Promise<boolean>((end) => ends.push(end))
  return { ends, gate: createPasswordGate({ verify, make: async () => '' }) }
}
const soon = () => new Promise((done) => setImmediate(done))

test('two at once; the others wait and go in the order in which they came', async () => {
  const { ends, gate } = held()
  const done: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) void gate.verify('', name).then(() => done.push(name))
  await soon()
  expect(ends.length).toBe(2)
  ends[1]?.(true)
  await soon()
  expect({ begun: ends.length, done }).toEqual({ begun: 3, done: ['b'] })
  ends[0]?.(true)
  ends[2]?.(true)
  await soon()
  ends[3]?.(true)
  await soon()
  expect(done).toEqual(['b', 'a', 'c', 'd'])
})

test('work that fails makes room like any other', async () => {
  const gate = createPasswordGate({ verify: () => Promise.reject(new Error('scrypt')), make: async () => '' })
  for (const _ of [1, 2, 3]) await expect(gate.verify('', '')).rejects.toThrow('scrypt')
})

test('a flood is told to come back, and those who wait already are served', async () => {
  const { ends, gate } = held()
  const waiting = Array.from({ length: 34 }, () => gate.verify('', ''))
  await expect(gate.verify('', '')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  for (let at = 0; at < 34; at += 1) {
    await soon()
    ends[at]?.(true)
  }
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => true))
})

test('a password is nobody’s where there is no account, and right only where it is right', async () => {
  const gate = createPasswordGate()
  const verifier = await makeVerifier('correct-horse')
  expect(
    await Promise.all([gate.verify(null, ''), gate.verify(verifier, 'wrong'), gate.verify(verifier, 'correct-horse')]),
  ).toEqual([false, false, true])
})
