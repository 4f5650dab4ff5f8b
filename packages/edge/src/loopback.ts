// Which addresses stay on this machine. Everything in the edge that listens asks here first: PROXY headers and, on a
// laptop, MongoDB itself go in clear, so any other address must have been asked for by name (see config.ts).

import { isIPv4 } from 'node:net'

/** True for 127.0.0.0/8, `::1`, their mapped form, and the name `localhost`. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^::ffff:/, '')
  return isIPv4(address) ? address.startsWith('127.') : address === '::1' || address === 'localhost'
}
