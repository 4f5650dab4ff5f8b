// Have the edges taken it over? Pure, over what each edge reported per feed. A client that dials right after AVAILABLE
// must not be refused, so AVAILABLE needs every live edge at the number that first held the endpoint with its listeners
// bound; one that was deleted is gone when every edge that ever reported holds a number without it: one that is silent
// may still serve it, so it is waited for and named.

import { certificateOnItsWay, type Feed } from '@postern/contract/snapshot'

export interface ReportedFeed {
  readonly edge: string
  readonly feed: Feed
  readonly epoch: string
  readonly n: number
  readonly bound: ReadonlySet<string>
  readonly failed: ReadonlyMap<string, string>
  /** Milliseconds since 1970. */
  readonly seen: number
  /** Of the DNS server, where it is asked. */
  readonly dnsAddress?: string | null
  /** CIDRs from which a gateway believes PROXY headers; absent: from nowhere but its own machine. */
  readonly trusts?: readonly string[]
  /** Of its program; null or absent: it tells none. */
  readonly version?: string | null
  /** When its edge was revoked, likewise; absent where it stands. */
  readonly revoked?: number
}

/** An edge polls at least every 25 s; after this long without a word it is not counted on. */
export const silentAfterMs = 60_000

export const isSilent = ({ seen }: Pick<ReportedFeed, 'seen'>, now: number): boolean => now - seen > silentAfterMs

/** What must be at the edges: per feed the number that first says it, and the listeners that belong to it. */
export interface Due {
  readonly feed: Feed
  /** Null: not published yet. */
  readonly n: number | null
  readonly listeners: readonly string[]
  /** What else it is reported as where it cannot be served; nobody has to report that it can. */
  readonly reportedAs?: readonly string[]
}

export interface Acknowledgement {
  readonly epoch: string
  readonly reports: readonly ReportedFeed[]
  readonly now: number
}

export type Acknowledged =
  | { readonly done: true }
  /** `problem`: somebody has to do something; else it is a matter of a moment. */
  | { readonly done: false; readonly reason: string; readonly problem: boolean }

const wait = (reason: string, problem = false): Acknowledged => ({ done: false, reason, problem })

/** True to the word: each live edge serves it. */
export const served = (due: readonly Due[], { epoch, reports, now }: Acknowledgement): Acknowledged => {
  for (const { feed, n, listeners, reportedAs = [] } of due) {
    if (n === null) return wait(`the ${feed} feed is not published yet`)
    const all = reports.filter((report) => report.feed === feed)
    if (all.length === 0) return wait(`no ${feed} has ever reported; start one`)
    const standing = all.filter(({ revoked }) => revoked === undefined)
    if (standing.length === 0) return wait(noneStands(feed, last(all)), true)
    const live = standing.filter((report) => !isSilent(report, now))
    if (live.length === 0)
      return wait(`no ${feed} is heard of any more; the last was ${last(standing).edge}`, standing.length < all.length)
    for (const report of live) {
      if (!holds(report, epoch, n)) return wait(`the ${feed} of edge ${report.edge} has not taken it over yet`)
      for (const id of [...reportedAs, ...listeners]) {
        const failure = report.failed.get(id)
        if (failure !== undefined) {
          const reason = `The ${feed} of edge ${report.edge} cannot serve it: ${failure}`
          return wait(reason, failure !== certificateOnItsWay)
        }
      }
      for (const listener of listeners) {
        if (!report.bound.has(listener)) {
          return wait(`the ${feed} of edge ${report.edge} does not serve ${listener} yet`)
        }
      }
    }
  }
  return { done: true }
}

const noneStands = (feed: Feed, { edge, revoked = 0 }: ReportedFeed): string =>
  `No ${feed} serves it: edge ${edge} was revoked at ${new Date(revoked).toISOString()}. Enrol another one: postern edges enrol NAME.`

/**
 * True to the word: no edge that we know of and that still stands serves it any more; `withoutSilent`: but those that are
 * silent, which somebody has given up.
 */
export const released = (
  due: readonly Due[],
  { epoch, reports, now }: Acknowledgement,
  { withoutSilent }: { readonly withoutSilent: boolean },
): Acknowledged => {
  for (const { feed, n } of due) {
    if (n === null) return wait(`the ${feed} feed is not published yet`)
    const late = reports.filter(
      (report) =>
        report.feed === feed &&
        report.revoked === undefined &&
        !holds(report, epoch, n) &&
        !(withoutSilent && isSilent(report, now)),
    )
    const silent = late.find((report) => isSilent(report, now))
    if (silent !== undefined) {
      const since = new Date(silent.seen).toISOString()
      return wait(
        `Edge ${silent.edge} may still serve this endpoint: nothing was heard of its ${feed} since ${since}. Start it again, forget it if it is gone for good (postern edges forget ${silent.edge}), or delete the endpoint once more with --forceSilent.`,
        true,
      )
    }
    const slow = late[0]
    if (slow !== undefined) return wait(`the ${feed} of edge ${slow.edge} has not let go of it yet`)
  }
  return { done: true }
}

export const holds = (report: ReportedFeed, epoch: string, n: number): boolean =>
  report.epoch === epoch && report.n >= n

const last = (reports: readonly ReportedFeed[]): ReportedFeed =>
  reports.reduce((one, other) => (other.seen > one.seen ? other : one))
