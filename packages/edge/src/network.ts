// Whom an address is counted with, where many may be one's own.

/** Of IPv4 its /24; of IPv6 its /56, or its /64 as that of one `host`. The text form is enough to group by. */
export function networkOf(given: string, ipv6: 'site' | 'host' = 'site'): string {
  const address = given.replace(/^::ffff:(?=\d+\.)/i, '') // IPv4 at a socket of both
  if (!address.includes(':')) return address.slice(0, address.lastIndexOf('.'))
  const [head = ''] = address.split('%')
  const [left = ''] = head.split('::')
  const groups = [...left.split(':'), '0', '0', '0', '0'].slice(0, 4).map((group) => group.padStart(4, '0'))
  return ipv6 === 'host' ? groups.join(':') : groups.join(':').slice(0, -2)
}
