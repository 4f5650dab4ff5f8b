// A link that logs in at once, once: `/login#link=…`. What is behind the `#` is sent to no server by the browser, so it is
// in no log.

/** The link that this page was opened by; null where it was another. */
export const linkOf = ({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string | null =>
  pathname === '/login' ? (/^#link=([0-9a-f]+)$/.exec(hash)?.[1] ?? null) : null
