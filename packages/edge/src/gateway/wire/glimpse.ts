// What the first bytes of a request tell about it: whether it is a hello, under any of its three names, or begins to sign its
// client in. A number is how many bytes of the body it takes to say. `unclear` is said where looking further would cost too much; its reply is
// then looked at as if it were a hello's.

export type Glimpse = Named | 'unclear' | number
type Named = 'hello' | 'sign-in' | 'other'

const names: readonly (readonly [string, Named])[] = [
  ['hello', 'hello'],
  ['isMaster', 'hello'],
  ['ismaster', 'hello'],
  ['saslStart', 'sign-in'],
  ['authenticate', 'sign-in'],
]
const firstLetters: ReadonlySet<number | undefined> = new Set(names.map(([name]) => name.charCodeAt(0)))

/** The longest of the names with its zero byte. */
export const commandNameBytes = 'authenticate\0'.length

/** Reads the element name that begins at `at`; its zero byte counts only before `end`. */
export function commandNamed(bytes: Buffer, at: number, end: number): Named {
  if (!firstLetters.has(bytes[at])) return 'other' // nearly every request
  return names.find(([name]) => nameIs(bytes, at, end, name))?.[1] ?? 'other'
}

/** Whether the element name at `at` is exactly this. */
export const nameIs = (bytes: Buffer, at: number, end: number, name: string): boolean =>
  at + name.length < end && bytes[at + name.length] === 0 && bytes.toString('latin1', at, at + name.length) === name
