// The embedded PostgreSQL, opened the one way that we open it: small buffers (about 170 MB of memory instead of 320),
// counts read as numbers like from a server. It never fsyncs: `kill -9` loses nothing, a power cut may.

import { PGlite, types } from '@electric-sql/pglite'

const small = ['shared_buffers=16MB', 'wal_buffers=1MB', 'max_connections=5']

/** Opens a data folder (made by initdb when it is empty: some seconds); resolves when it can be queried. */
export const openPglite = (dataDir: string): Promise<PGlite> =>
  PGlite.create(dataDir, {
    startParams: [...PGlite.defaultStartParams, ...small.flatMap((setting) => ['-c', setting])],
    parsers: { [types.INT8]: Number },
  })
