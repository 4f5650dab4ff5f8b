import { expect, test } from 'vitest'
import { begins, ends, stepsOf, withSteps } from './steps.ts'

const document = [
  '# A',
  '```',
  '$ not this',
  '```',
  begins,
  'text',
  '```',
  '$ one',
  'out 1',
  '',
  'out 2',
  '$ two',
  '```',
  'more',
  '```',
  '$ three',
  'out 3',
  '```',
  ends,
  '$ nor this',
].join('\n')

test('the steps between the markers, in blocks alone', () => {
  expect(stepsOf(document)).toEqual([
    { line: 8, command: 'one', shown: ['out 1', '', 'out 2'] },
    { line: 12, command: 'two', shown: [] },
    { line: 16, command: 'three', shown: ['out 3'] },
  ])
})

test('written again, the rest stays where it was', () => {
  const same = new Map(stepsOf(document).map((step) => [step.line, step]))
  expect(withSteps(document, same)).toBe(document)
  const changed = withSteps(
    document,
    new Map([
      [8, { command: 'uno', shown: [] }],
      [12, { command: 'two', shown: ['new'] }],
    ]),
  )
  expect(stepsOf(changed)).toEqual([
    { line: 8, command: 'uno', shown: [] },
    { line: 9, command: 'two', shown: ['new'] },
    { line: 14, command: 'three', shown: ['out 3'] },
  ])
  expect(changed).toContain('# A\n```\n$ not this\n```')
})

test('a document without a run is no document of this kind', () => {
  expect(() => stepsOf('# A')).toThrow('no run between')
})
