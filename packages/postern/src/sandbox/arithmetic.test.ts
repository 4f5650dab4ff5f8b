// Numbers after $inc and $mul, by the types of both.
import { Decimal128, Double, Int32, Long, Timestamp } from 'bson'
import { expect, test } from 'vitest'
import { type Arithmetic, calculate } from './arithmetic.ts'

const decimal = (text: string): Decimal128 => Decimal128.fromString(text)
const long = (text: string): Long => Long.fromString(text)

test.each<[string, Arithmetic, unknown, unknown, unknown]>([
  ['int and int', '$inc', new Int32(1), new Int32(2), new Int32(3)],
  ['ints that outgrow 32 bits', '$inc', new Int32(2_147_483_647), new Int32(1), long('2147483648')],
  ['ints whose product outgrows 32 bits', '$mul', new Int32(-65_536), new Int32(65_536), long('-4294967296')],
  ['long and int', '$inc', long('9007199254740993'), new Int32(1), long('9007199254740994')],
  ['a small long', '$inc', long('1'), new Int32(1), long('2')],
  ['int and double', '$inc', new Int32(1), new Double(0.5), new Double(1.5)],
  ['double and int that make a whole number', '$mul', new Double(0.5), new Int32(2), new Double(1)],
  ['decimals', '$inc', decimal('0.1'), decimal('0.2'), decimal('0.3')],
  ['decimal and int', '$inc', decimal('9.99'), new Int32(-10), decimal('-0.01')],
  ['decimal and double', '$mul', decimal('1.10'), new Double(0.5), decimal('0.550')],
  ['a decimal with an exponent', '$inc', decimal('1E+3'), new Int32(1), decimal('1001')],
  ['nothing, incremented', '$inc', undefined, long('5'), long('5')],
  ['nothing, multiplied', '$mul', undefined, long('5'), long('0')],
  ['a decimal that is no number', '$inc', decimal('NaN'), new Int32(1), undefined],
])('%s', (_, operator, old, by, expected) => {
  expect(calculate(operator, old, by)).toEqual(expected)
})

test.each<[string, unknown, unknown]>([
  ['a long that outgrows 64 bits', Long.MAX_VALUE, new Int32(1)],
  ['a decimal with more than 34 digits', decimal('1E+40'), decimal('1')],
  ['a decimal with an absurd exponent', decimal('1E+6000'), decimal('1')],
])('%s is refused', (_, old, by) => {
  expect(() => calculate('$inc', old, by)).toThrow('no room')
})

test.each<[string, unknown, unknown]>([
  ['text', 'a', new Int32(1)],
  ['null', null, new Int32(1)],
  ['a timestamp', new Timestamp({ t: 1, i: 1 }), new Int32(1)],
  ['a number by text', new Int32(1), 'a'],
])('%s is refused', (_, old, by) => {
  expect(() => calculate('$mul', old, by)).toThrow(expect.objectContaining({ codeName: 'TypeMismatch' }))
})
