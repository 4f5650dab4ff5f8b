import { expect, test } from 'vitest'
import { drills } from './drills.ts'

const onLinux = process.platform === 'linux' // every 127.x.y.z is an address of the machine there alone

test.skipIf(!onLinux)('lose-gateway, each with two workers: the promise holds', async () => {
  const { broken } = (await drills['lose-gateway']?.run(1, () => {}, { workers: 2 })) ?? {
    broken: ['there is no such drill'],
  }
  expect(broken).toEqual([])
})

test.skipIf(!onLinux).each(Object.entries(drills))('%s: the promise holds', async (_name, { run }) => {
  const { broken } = await run(1, () => {})
  expect(broken).toEqual([])
})
