// The link of an invitation: `/invitation#token=…`. What is behind the `#` is sent to no server by the browser, so it is in
// no log. It stays in the address until the invitation is accepted, so that a reload loses nothing.

/** The token that this page was opened with; null where it was another. */
export const invitationOf = ({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string | null =>
  pathname === '/invitation' ? (/^#token=([0-9a-f]+)$/.exec(hash)?.[1] ?? null) : null
