// IP addresses and ranges as the API writes them: one spelling for each, so that a range that was given with capitals,
// or a single address without its /32, is found again whichever way it is asked for. Pure.

import { BlockList, isIP } from 'node:net'

export interface AddressRange {
  /** `192.0.2.7/32`, `2001:db8::/32`: the address in its shortest form, and the length of the prefix. */
  readonly cidr: string
  /** The address, where the range is just one; else null. */
  readonly single: string | null
}

/** Reads `192.0.2.0/24` or `192.0.2.7`; null for what is neither. */
export const parseRange = (text: string): AddressRange | null => {
  const [, given = '', length] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? []
  const family = isIP(given)
  if (family === 0) return null
  const whole = family === 4 ? 32 : 128
  const prefix = length === undefined ? whole : Number(length)
  if (prefix > whole) return null
  const address = plainAddress(given)
  // `::ffff:192.0.2.7` is an IPv4 address in IPv6's clothes; a range of them is nothing that anybody means.
  if (isIP(address) !== family) return prefix === whole ? single(address) : null
  return prefix === whole ? single(address) : { cidr: `${address}/${prefix}`, single: null }
}

const single = (address: string): AddressRange => ({
  cidr: `${address}/${isIP(address) === 4 ? 32 : 128}`,
  single: address,
})

/** A caller's address in its shortest form: IPv6 sockets show IPv4 callers as `::ffff:a.b.c.d`, this machine as `::1`. */
export const plainAddress = (address: string): string => {
  if (isIP(address) !== 6) return address
  // The platform's URL parser does the folding, so that every spelling of one address ends as one. Zones it does not know.
  const short = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high !== undefined && low !== undefined) {
    const bytes = [high, low].map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255])
    return bytes.join('.')
  }
  return short === '::1' ? '127.0.0.1' : short
}

/** True when `address` lies in the range, which `parseRange` wrote. */
export const holdsAddress = (cidr: string, address: string): boolean => {
  const [network = '', prefix = ''] = cidr.split('/')
  const plain = plainAddress(address)
  const family = isIP(plain)
  if (family === 0 || isIP(network) !== family) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const range = new BlockList()
  range.addSubnet(network, Number(prefix), type)
  return range.check(plain, type)
}
