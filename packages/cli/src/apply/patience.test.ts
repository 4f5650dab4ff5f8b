import { expect, test } from 'vitest'
import { UsageError } from '../core/usage-error.ts'
import { createPatience, type Wait } from './patience.ts'

const patience = (timeoutSeconds: number | undefined) => {
  const slept: number[] = []
  const { begin } = createPatience(async (ms) => void slept.push(ms), timeoutSeconds)
  return { slept, begin }
}
const often = async (wait: Wait, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) await wait(400, 'it is still PENDING')
}

test('one wait after the other: together no longer than the time that there is, to the millisecond', async () => {
  const { slept, begin } = patience(1)
  await often(begin(), 2)
  const second = begin()
  await second(400, 'it is still PENDING')
  expect(slept).toEqual([400, 400, 200])
  await expect(second(400, 'it is still PENDING')).rejects.toThrow(
    new UsageError('it is still PENDING; it goes on by itself'),
  )
  expect(slept).toHaveLength(3)
})

test('waits at the same time share it', async () => {
  const { begin } = patience(1)
  const waits = [begin(), begin(), begin()]
  await Promise.all(waits.map((wait) => often(wait, 2)))
  for (const wait of waits) await often(wait, 1)
  for (const wait of waits) await expect(often(wait, 1)).rejects.toThrow('still PENDING')
})

test('without a time there is no end', async () => {
  const { slept, begin } = patience(undefined)
  await often(begin(), 1_000)
  expect(slept).toHaveLength(1_000)
})
