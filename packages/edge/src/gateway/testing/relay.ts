// The relay for suites: there where it was built and its self-test holds; else whoever wants it is skipped, and says why.

import { openRelay } from '../join/open-relay.ts'
import type { RelayJoin } from '../join/relay.ts'

const opened = await openRelay()

export const relay: RelayJoin | null = 'relay' in opened ? opened.relay : null
export const withoutRelay = 'why' in opened ? `SKIPPED, no relay: ${opened.why}` : 'the relay'

if (process.env.POSTERN_SUITES_NEED_RELAY === 'yes' && relay === null) throw new Error(withoutRelay)
