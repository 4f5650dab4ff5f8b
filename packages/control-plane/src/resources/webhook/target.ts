// Where a webhook may point to. Private networks are where receivers of a self-hosted server live, so they are allowed;
// link-local addresses and the clouds' metadata services are not (here as written, and by send.ts as DNS resolves them).
// Plain HTTP stays on this machine unless it is asked for by name: the signature tells forgery, but hides nothing.

import { isIP } from 'node:net'
import { refusedHost } from '../../engines/dial-guard.ts'

/** Why this URL cannot be a webhook's, as a sentence; null where it can. */
export const targetProblem = (text: string, allowPlainHttp: boolean): string | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'must be an http or https URL'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.hash !== '') return 'must not hold a fragment'
  const host = hostOf(url)
  const refused = refusedHost(host)
  if (refused !== null) return refused
  if (url.protocol === 'http:' && !isLoopback(host) && !allowPlainHttp)
    return 'must be https, since others could read along; set allowPlainHttp to send plain HTTP to another machine'
  return null
}

/** The URL's host as sockets want it: without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
