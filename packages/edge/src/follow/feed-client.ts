// The two requests of a follower, and nothing of what they are for: the long poll and the report. No throw leaves this
// file.

import { type EdgeReport, type Feed, snapshotSchemas, snapshotSchemasHeader } from '@postern/contract/snapshot'
import { snapshotChangesForm, snapshotChangesHeader } from '@postern/contract/snapshot-change'
import { version } from '@postern/contract/version'
import {
  type ControlPlaneParts,
  createControlPlane,
  reasonOf,
  refusal,
  revokedStatus,
  textOf,
} from '../control-plane.ts'
import type { Mark } from './decide.ts'
import { largestBytes } from './parse-snapshot.ts'

export interface FeedClientParts extends ControlPlaneParts {
  readonly feed: Feed
}

type Answer =
  | { readonly kind: 'body'; readonly json: string }
  | { readonly kind: 'nothing newer' }
  | { readonly kind: 'failed'; readonly reason: string; readonly revoked?: true }

export interface FeedClient {
  /** `changes`: whether what is newer may be told as changes of what is held. */
  readonly poll: (held: Mark | null, changes: boolean) => Promise<Answer>
  /** Says the version of this program besides. Null when it was accepted, else why not. */
  readonly report: (report: EdgeReport) => Promise<string | null>
  /** Ends whatever is on its way. */
  readonly close: () => void
}

/** The server waits up to 25 s; what takes longer than this is a broken connection. */
const pollLimitMs = 40_000
const reportLimitMs = 10_000
const schemas = { [snapshotSchemasHeader]: snapshotSchemas.join(', ') }
const withChanges = { ...schemas, [snapshotChangesHeader]: snapshotChangesForm }

export function createFeedClient(parts: FeedClientParts): FeedClient {
  const { ask, close } = createControlPlane(parts)

  return {
    async poll(held, changes) {
      const query = held ? `?${new URLSearchParams({ epoch: held.epoch, after: String(held.n) })}` : ''
      const asking = {
        path: `snapshots/${parts.feed}${query}`,
        headers: changes ? withChanges : schemas,
        limitMs: pollLimitMs,
      }
      try {
        return await ask(asking, async (response): Promise<Answer> => {
          if (response.status === 200) return { kind: 'body', json: await textOf(response, largestBytes) }
          await response.body?.cancel()
          if (response.status === 204) return { kind: 'nothing newer' }
          const failed = { kind: 'failed', reason: refusal(response) } as const
          return response.status === revokedStatus ? { ...failed, revoked: true } : failed
        })
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) }
      }
    },
    async report(report) {
      const asking = { path: `reports/${parts.feed}`, body: { ...report, version }, limitMs: reportLimitMs }
      try {
        return await ask(asking, async (response) => {
          await response.body?.cancel()
          return response.ok ? null : refusal(response)
        })
      } catch (error) {
        return reasonOf(error)
      }
    },
    close,
  }
}
