// `$inc` and `$mul` in BSON's own numbers, exactly: ints grow into longs, a double makes a double, a decimal makes a
// decimal (MongoDB manual, "$inc", "$mul"). On views it would be JavaScript's arithmetic, wrong from 2^53 on.
import { Decimal128, Double, Int32, Long, Timestamp } from 'bson'
import { CommandError } from './command-error.ts'

export type Arithmetic = '$inc' | '$mul'
type Scaled = { readonly digits: bigint; readonly exponent: number }

const isLong = (value: unknown): value is Long => value instanceof Long && !(value instanceof Timestamp)
const isWhole = (value: unknown): value is Int32 | Long => value instanceof Int32 || isLong(value)
const isNumeric = (value: unknown): value is Int32 | Long | Double | Decimal128 =>
  isWhole(value) || value instanceof Double || value instanceof Decimal128

/**
 * The typed number that the operator leaves behind; undefined for a decimal NaN or infinity.
 * @param old the value that is there, undefined when there is none
 * @throws CommandError TypeMismatch when one of the two is no number, BadValue when the result has no room in its type
 */
export function calculate(operator: Arithmetic, old: unknown, by: unknown): unknown {
  if (!isNumeric(by)) throw new CommandError('TypeMismatch', `Cannot apply ${operator} with a non-numeric argument`)
  if (old === undefined) return operator === '$inc' ? by : calculate('$mul', new Int32(0), by)
  if (!isNumeric(old)) throw new CommandError('TypeMismatch', `Cannot apply ${operator} to a value of non-numeric type`)
  if (old instanceof Decimal128 || by instanceof Decimal128) return decimal(operator, old, by)
  if (isWhole(old) && isWhole(by)) return whole(operator, old, by)
  const [a, b] = [Number(old.toString()), Number(by.toString())]
  return new Double(operator === '$inc' ? a + b : a * b)
}

function whole(operator: Arithmetic, old: Int32 | Long, by: Int32 | Long): Int32 | Long {
  const [a, b] = [BigInt(old.toString()), BigInt(by.toString())]
  const result = operator === '$inc' ? a + b : a * b
  if (BigInt.asIntN(64, result) !== result) throw noRoom(operator)
  const small = old instanceof Int32 && by instanceof Int32 && BigInt.asIntN(32, result) === result
  return small ? new Int32(Number(result)) : Long.fromBigInt(result)
}

function decimal(operator: Arithmetic, old: { toString(): string }, by: { toString(): string }): unknown {
  const [a, b] = [scaled(old.toString()), scaled(by.toString())]
  if (!a || !b) return undefined
  const exponent = operator === '$inc' ? Math.min(a.exponent, b.exponent) : a.exponent + b.exponent
  if (Math.max(a.exponent, b.exponent) - exponent > 100 && operator === '$inc') throw noRoom(operator)
  const digits = operator === '$inc' ? aligned(a, exponent) + aligned(b, exponent) : a.digits * b.digits
  try {
    return Decimal128.fromString(`${digits}E${exponent}`)
  } catch {
    throw noRoom(operator)
  }
}

function scaled(text: string): Scaled | undefined {
  const found = /^(-?\d+)(?:\.(\d+))?(?:[Ee]([+-]?\d+))?$/.exec(text)
  if (!found) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = found
  return { digits: BigInt(`${whole}${fraction}`), exponent: Number(exponent) - fraction.length }
}

const aligned = ({ digits, exponent }: Scaled, to: number): bigint => digits * 10n ** BigInt(exponent - to)
const noRoom = (operator: Arithmetic) =>
  new CommandError('BadValue', `Failed to apply ${operator}: the result has no room in its type`)
