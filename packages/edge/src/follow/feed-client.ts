// The two requests of a follower, and nothing of what they are for: the long poll and the report. No throw leaves this
// file.

import { isDeepStrictEqual } from 'node:util'
import {
  type EdgeReport,
  type Feed,
  type ReportedLists,
  reportListsHeader,
  type SentReport,
  snapshotSchemas,
  snapshotSchemasHeader,
} from '@postern/contract/snapshot'
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

interface Told {
  readonly status: number
  readonly problem: string | null
  /** What its lists are known by; null: a control plane of the release before says nothing of it. */
  readonly by: string | null
}

export interface FeedClient {
  /** `changes`: whether what is newer may be told as changes of what is held. */
  readonly poll: (held: Mark | null, changes: boolean) => Promise<Answer>
  /**
   * Says the version of this program besides, and of lists that the control plane knows only by what. Null when it was
   * accepted, else why not.
   */
  readonly report: (report: EdgeReport) => Promise<string | null>
  /** Ends whatever is on its way. */
  readonly close: () => void
}

/** The server waits up to 25 s; what takes longer than this is a broken connection. */
const pollLimitMs = 40_000
const reportLimitMs = 10_000
/** By what a control plane says that it does not know them, and one of the release before that it knows of no such thing. */
const listsUnknown: ReadonlySet<number> = new Set([409, 400])
const schemas = { [snapshotSchemasHeader]: snapshotSchemas.join(', ') }
const withChanges = { ...schemas, [snapshotChangesHeader]: snapshotChangesForm }

export function createFeedClient(parts: FeedClientParts): FeedClient {
  const { ask, close } = createControlPlane(parts)
  /** Lists that the control plane has, as it said when it accepted a report. */
  let known: { readonly lists: ReportedLists; readonly by: string } | null = null

  const tell = (report: SentReport) =>
    ask(
      { path: `reports/${parts.feed}`, body: { ...report, version }, limitMs: reportLimitMs },
      async (response): Promise<Told> => {
        await response.body?.cancel()
        const { ok, status, headers } = response
        return { status, problem: ok ? null : refusal(response), by: ok ? headers.get(reportListsHeader) : null }
      },
    )

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
      const { rest, lists } = apart(report)
      const isKnown = known !== null && isDeepStrictEqual(known.lists, lists)
      const whole = { ...rest, ...lists }
      try {
        const first = await tell(isKnown && known !== null ? { ...rest, lists: known.by } : whole)
        const said = isKnown && listsUnknown.has(first.status) ? await tell(whole) : first
        known = said.by === null ? null : { lists, by: said.by }
        return said.problem
      } catch (error) {
        return reasonOf(error)
      }
    },
    close,
  }
}

const apart = ({
  bound,
  failed,
  trusts,
  ...rest
}: EdgeReport): { readonly rest: Omit<EdgeReport, keyof ReportedLists>; readonly lists: ReportedLists } => ({
  rest,
  lists: { bound, failed, ...(trusts !== undefined && { trusts }) },
})
