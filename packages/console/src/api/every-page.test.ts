import { expect, test } from 'vitest'
import { everyPage, itemsPerPage } from './every-page.ts'

test.each([
  { says: 'nothing', length: 0, pages: 1 },
  { says: 'one page', length: itemsPerPage, pages: 1 },
  { says: 'one item more than a page', length: itemsPerPage + 1, pages: 2 },
  { says: 'six pages', length: 6 * itemsPerPage, pages: 6 },
])('$says: whole, in order, and no page asked for in vain', async ({ length, pages }) => {
  const items = Array.from({ length }, (_, at) => at)
  const asked: number[] = []
  const whole = await everyPage(async (pageNum) => {
    asked.push(pageNum)
    return { results: items.slice((pageNum - 1) * itemsPerPage, pageNum * itemsPerPage), totalCount: length }
  })
  expect(whole).toEqual(items)
  expect(asked).toEqual(Array.from({ length: pages }, (_, at) => at + 1))
})

test('no more than four pages are on their way at once', async () => {
  let [now, most] = [0, 0]
  await everyPage(async () => {
    now += 1
    most = Math.max(most, now)
    await Promise.resolve()
    now -= 1
    return { results: [1], totalCount: 20 * itemsPerPage }
  })
  expect(most).toBe(4)
})

test('a page that is refused refuses the list', async () => {
  const refused = everyPage(async (pageNum) => {
    if (pageNum === 3) throw new Error('gone')
    return { results: [1], totalCount: 3 * itemsPerPage }
  })
  await expect(refused).rejects.toThrow('gone')
})
