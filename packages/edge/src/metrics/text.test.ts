import { expect, test } from 'vitest'
import { metricsText } from './text.ts'

test('each metric says what it is, then its samples', () => {
  expect(
    metricsText([
      {
        name: 'a_total',
        help: 'How many.',
        type: 'counter',
        samples: [
          { labels: {}, value: 1 },
          { labels: { side: 'client', how: null, code: '' }, value: 0.5 },
        ],
      },
      { name: 'b', help: 'Nobody.', type: 'gauge', samples: [] },
      {
        name: 'c',
        help: 'How long.',
        type: 'histogram',
        samples: [{ suffix: '_bucket', labels: { le: '+Inf' }, value: 3 }],
      },
    ]),
  ).toBe(
    [
      '# HELP a_total How many.',
      '# TYPE a_total counter',
      'a_total 1',
      'a_total{side="client"} 0.5',
      '# HELP c How long.',
      '# TYPE c histogram',
      'c_bucket{le="+Inf"} 3',
      '',
    ].join('\n'),
  )
})

test('what would end a label is escaped', () => {
  const samples = [{ labels: { member: 'a"b\\c\nd' }, value: 1 }]
  expect(metricsText([{ name: 'a', help: 'A.', type: 'gauge', samples }])).toContain('a{member="a\\"b\\\\c\\nd"} 1\n')
})
