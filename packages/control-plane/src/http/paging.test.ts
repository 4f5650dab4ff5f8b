// A page of a list and its links.

import { describe, expect, test } from 'vitest'
import { cutPage } from './paging.ts'

const call = (self: string, paging: { pageNum: number; itemsPerPage: number; includeCount: boolean }) => ({
  self,
  paging,
  link: (path: string) => `http://localhost:8080${path}`,
})
const seven = [1, 2, 3, 4, 5, 6, 7]

describe('a page', () => {
  test('echoes the query with its own numbers at the end, as recorded', () => {
    const self = '/api/atlas/v2/groups?includeCount=true&itemsPerPage=100&pageNum=1'
    expect(cutPage(call(self, { pageNum: 1, itemsPerPage: 100, includeCount: true }), seven)).toEqual({
      links: [
        { href: 'http://localhost:8080/api/atlas/v2/groups?includeCount=true&pageNum=1&itemsPerPage=100', rel: 'self' },
      ],
      results: seven,
      totalCount: 7,
    })
  })

  test.each([
    { says: 'the first', pageNum: 1, results: [1, 2, 3], rels: { next: 2 } },
    { says: 'the middle', pageNum: 2, results: [4, 5, 6], rels: { previous: 1, next: 3 } },
    { says: 'the last', pageNum: 3, results: [7], rels: { previous: 2 } },
    { says: 'one beyond the end', pageNum: 4, results: [], rels: { previous: 3 } },
  ])('leads to its neighbours: $says', ({ pageNum, results, rels }) => {
    const page = cutPage(call('/x?name=a%20b', { pageNum, itemsPerPage: 3, includeCount: true }), seven)
    expect(page.results).toEqual(results)
    expect(Object.fromEntries(page.links.map(({ rel, href }) => [rel, href]))).toEqual({
      self: `http://localhost:8080/x?name=a%20b&pageNum=${pageNum}&itemsPerPage=3`,
      ...Object.fromEntries(
        Object.entries(rels).map(([rel, at]) => [
          rel,
          `http://localhost:8080/x?name=a%20b&pageNum=${at}&itemsPerPage=3`,
        ]),
      ),
    })
  })

  test('counts 0 where nobody wanted it counted (recorded)', () => {
    expect(cutPage(call('/x', { pageNum: 1, itemsPerPage: 3, includeCount: false }), seven).totalCount).toBe(0)
  })
})
