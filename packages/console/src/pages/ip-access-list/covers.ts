// Whether an entry of the list lets an address in. Pure.

import type { Entry } from './entry.ts'

/** An entry of an AWS security group names no address, and an address that cannot be read is in no range. */
export function covers({ cidrBlock }: Pick<Entry, 'cidrBlock'>, address: string): boolean {
  const [network = '', length] = (cidrBlock ?? '').split('/')
  const [range, one] = [bitsOf(network), bitsOf(address)]
  if (range === null || one === null || range.length !== one.length) return false
  const prefix = length === undefined ? range.length : Number(length)
  return range.slice(0, prefix) === one.slice(0, prefix)
}

/** An address as its 32 or 128 bits, in text; null for what is none. */
function bitsOf(address: string): string | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return binary(address.split('.').map(Number), 8)
  if (!address.includes(':') || !URL.canParse(`http://[${address}]`)) return null
  // The browser's URL parser does the folding: hexadecimal groups, and at most one gap.
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = short.split('::')
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const gap = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => '0')
  return binary(
    [...before, ...gap, ...after].map((group) => Number.parseInt(group, 16)),
    16,
  )
}

const binary = (numbers: readonly number[], size: number): string | null =>
  numbers.some((number) => number >= 2 ** size)
    ? null
    : numbers.map((number) => number.toString(2).padStart(size, '0')).join('')
