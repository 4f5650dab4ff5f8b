// What the first bytes of a request tell about it: whether it is a hello, under any of its three names. A number is how
// many bytes of the body it takes to say. `unclear` is said where looking further would cost too much; its reply is
// then looked at as if it were a hello's.

export type Glimpse = 'hello' | 'other' | 'unclear' | number

const names = ['hello', 'isMaster', 'ismaster'] as const

/** The longest of the names with its zero byte. */
export const helloNameBytes = 'isMaster\0'.length

/** Reads the element name that begins at `at`; its zero byte counts only before `end`. */
export function helloOrOther(bytes: Buffer, at: number, end: number): 'hello' | 'other' {
  const first = bytes[at]
  if (first !== 0x68 && first !== 0x69) return 'other' // neither h nor i: nearly every request
  return names.some((name) => nameIs(bytes, at, end, name)) ? 'hello' : 'other'
}

/** Whether the element name at `at` is exactly this. */
export const nameIs = (bytes: Buffer, at: number, end: number, name: string): boolean =>
  at + name.length < end && bytes[at + name.length] === 0 && bytes.toString('latin1', at, at + name.length) === name
