import { expect, test } from 'vitest'
import { startPostern } from '../testing.ts'

test.each([
  {
    options: { foo: 1 },
    says: /^startPostern has no use for the option foo: it takes apply, fidelity, .*, or running\.$/,
  },
  {
    options: { running: '/nowhere', cloudMs: 5 },
    says: /^startPostern has no use for the option cloudMs: it takes nothing beside running\.$/,
  },
])('startPostern($options) is refused before anything starts', async ({ options, says }) => {
  await expect(startPostern(options as object)).rejects.toThrow(says)
})
