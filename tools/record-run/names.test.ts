import { expect, test } from 'vitest'
import { Names } from './names.ts'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(24)) as [string, string, string, string]

test.each([
  { says: 'the same text', shown: ['ID   STATUS', '', 'x'], printed: 'ID   STATUS\n\nx\n', matches: true },
  { says: 'other columns', shown: ['ID   STATUS'], printed: 'ID            STATUS   \n', matches: true },
  { says: 'one blank is no column', shown: ['ID STATUS'], printed: 'ID   STATUS\n', matches: false },
  { says: 'another word', shown: ['AVAILABLE'], printed: 'FAILED\n', matches: false },
  { says: 'a line more', shown: ['x'], printed: 'x\ny\n', matches: false },
  { says: 'a line less', shown: ['x', 'y'], printed: 'x\n', matches: false },
  { says: 'nothing at all', shown: [], printed: '', matches: true },
  { says: 'another id of the same shape', shown: [`made ${a}`], printed: `made ${b}\n`, matches: true },
  { says: 'an id of another shape', shown: [`made ${a}`], printed: 'made vpce-0123456789abcdef0\n', matches: false },
  { says: 'an id within a name', shown: [`pls_${a}`], printed: `pls_${b}\n`, matches: true },
  { says: 'one id twice', shown: [`${a} ${a}`], printed: `${b} ${c}\n`, matches: false },
  { says: 'two ids that are one', shown: [`${a} ${b}`], printed: `${c} ${c}\n`, matches: false },
  { says: 'lines left out', shown: ['1', '…', '9'], printed: '1\n2\n3\n9\n', matches: true },
  { says: 'lines left out, and no end', shown: ['1', '…', '9'], printed: '1\n2\n3\n', matches: false },
  { says: 'text left out', shown: ['a,…,z'], printed: 'a,b,c,z\n', matches: true },
  { says: 'signs that a pattern would take', shown: ['(a.b)*'], printed: '(aXb)*\n', matches: false },
])('$says: $matches', ({ shown, printed, matches }) => {
  expect(new Names().matches(shown, printed)).toBe(matches)
})

test('a name stands for the same thing in all that follows', () => {
  const names = new Names()
  expect(names.matches([`made ${a}`], `made ${b}\n`)).toBe(true)
  expect(names.realOf(`describe ${a} --force`)).toBe(`describe ${b} --force`)
  expect(names.matches([`${a} is there`], `${c} is there\n`)).toBe(false)
  expect(names.matches([`${d} is there`], `${b} is there\n`)).toBe(false)
  expect(names.matches([`${a} and ${d}`], `${b} and ${c}\n`)).toBe(true)
})

test('what does not match leaves no name behind', () => {
  const names = new Names()
  expect(names.matches([`${a} ${a}`], `${b} ${c}\n`)).toBe(false)
  expect(() => names.realOf(a)).toThrow(`${a} was not shown above`)
})
