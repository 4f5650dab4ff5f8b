import { getEventListeners, once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { endingOf } from './ending.ts'

test.each(['caller', 'server'] as const)('it aborts when the %s ends', (who) => {
  const ends = { caller: new AbortController(), server: new AbortController() }
  const { signal } = endingOf(ends.caller.signal, ends.server.signal)
  expect(signal.aborted).toBe(false)
  ends[who].abort()
  expect(signal.aborted).toBe(true)
})

test('it is aborted from the beginning when the server has ended', () => {
  expect(endingOf(new AbortController().signal, AbortSignal.abort()).signal.aborted).toBe(true)
})

test('a thousand requests that are over leave nothing on the signal of the server', () => {
  const server = new AbortController()
  for (let count = 0; count < 1000; count++) endingOf(new AbortController().signal, server.signal).release()
  expect(getEventListeners(server.signal, 'abort')).toEqual([])
})

test('a time-out that nobody else holds ends it, though garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const { signal } = endingOf(new AbortController().signal, AbortSignal.timeout(50))
  collectGarbage()
  await once(signal, 'abort')
  expect(signal.aborted).toBe(true)
})
