// What is left to serve of a whole when this edge was revoked: nothing. Pure.

import type { Feed, Numbered, SnapshotBody } from '@postern/contract/snapshot'

const nothing: { readonly [Each in Feed]: (body: SnapshotBody[Each]) => SnapshotBody[Each] } = {
  gateway: () => ({ listeners: [], endpoints: [], clusters: [] }),
  dns: ({ domain }) => ({ domain, records: [] }),
  forwarder: () => ({ listeners: [] }),
}

/** Under the same number. */
export const emptied = <Name extends Feed>(
  feed: Name,
  { epoch, n, body }: Numbered<SnapshotBody[Name]>,
): Numbered<SnapshotBody[Name]> => ({ epoch, n, body: nothing[feed](body) })
