// Whom a request may be addressed to and from. A web page that a user happens to visit must not reach this API: by
// name rebinding (its own host name, resolved to this machine) it would carry a foreign `Host`; by a cross-site form or
// fetch a foreign `Origin`. There is no CORS: no answer ever allows another origin to read it.

import { AtlasError } from '@postern/contract/errors'

export interface Addressed {
  /** What this server calls itself in links, where that is configured; its host name is accepted. */
  readonly publicUrl: string | null
  /** Further host names that are accepted, without ports. */
  readonly hosts: readonly string[]
}

/** Host name of a `Host` header, lower-case, without port, brackets and a final dot; null where it is none. */
const hostNameOf = (host: string): string | null => {
  const parsed = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@\s[\]\\]+))(?::\d{1,5})?$/i.exec(host)
  const name = parsed?.[1] ?? parsed?.[2]
  return name === undefined ? null : name.toLowerCase().replace(/\.$/, '')
}

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)

/** Throws MISDIRECTED_HOST unless the header names this machine's loopback or a configured host. */
export const checkHost = (host: string | null, { publicUrl, hosts }: Addressed): void => {
  const name = host === null ? null : hostNameOf(host)
  const own = publicUrl === null ? null : hostNameOf(new URL(publicUrl).host)
  if (name !== null && (isLoopback(name) || name === own || hosts.some((each) => each.toLowerCase() === name))) return
  throw new AtlasError('MISDIRECTED_HOST', { host: (host ?? '(none)').slice(0, 255) })
}

/** Throws FOREIGN_ORIGIN for a write that a browser sends on behalf of a page of another origin. */
export const checkOrigin = (
  request: { readonly method: string; readonly origin: string | null; readonly host: string | null },
  { publicUrl }: Addressed,
): void => {
  const { method, origin, host } = request
  if (origin === null || method === 'GET' || method === 'HEAD') return
  const page = URL.canParse(origin) ? new URL(origin) : null
  const own = publicUrl === null ? null : new URL(publicUrl).origin
  if (page && (page.origin === own || page.host === host?.toLowerCase())) return
  throw new AtlasError('FOREIGN_ORIGIN', { origin: origin.slice(0, 255) })
}
