// One feed's way into an edge: take the last good snapshot from disk before anything is fetched, then follow the control
// plane by long poll; each newer whole (or what is held with the changes that came) is taken over, kept, and only then reported, so that what was acknowledged
// cannot be forgotten by a crash. A heartbeat repeats the report, with what flowed meanwhile; while something could not be bound it is tried again.

import type { EdgeReport, Feed, Numbered, SnapshotBody } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import { decideNext, type Mark } from './follow/decide.ts'
import { emptied } from './follow/emptied.ts'
import { createFeedClient, type FeedClientParts } from './follow/feed-client.ts'
import { readKept, removeKept, writeKept } from './follow/keep.ts'
import { onChange } from './follow/on-change.ts'
import { typedSnapshot } from './follow/parse-snapshot.ts'
import { ChangeError, type RawWhole, rawWhole } from './follow/raw-whole.ts'
import type { TrafficTeller } from './gateway/traffic.ts'

/** What a program says of a snapshot that it took: the ids that are served, and those that are not, with a sentence. */
export interface Taken extends Pick<EdgeReport, 'bound' | 'failed' | 'trusts'> {
  /** What is wrong besides: told as `failed` is, but taking the snapshot again would not help. */
  readonly wrong?: EdgeReport['failed']
}

export interface FollowerParts<Name extends Feed> extends FeedClientParts {
  readonly feed: Name
  readonly clock: Clock
  /** From 0 up to 1, for the back-off's jitter. */
  readonly random: () => number
  /** Where `{feed}.json` lies; made (mode 700) when it is missing. */
  readonly directory: string
  readonly log: Logger
  /** Takes a whole over. Called for the same number again while it names something in `failed`; never twice at once. */
  readonly take: (snapshot: Numbered<SnapshotBody[Name]>) => Taken | Promise<Taken>
  /** The control plane has just said that what was taken is the newest. */
  readonly confirmed?: () => void
  /** What its reports say besides. */
  readonly traffic?: TrafficTeller
  readonly dnsAddress?: string
}

export interface Follower {
  /** Takes the last good snapshot, if any, and begins to follow; resolves without waiting for the control plane. */
  readonly start: () => Promise<void>
  /** What was taken last; null before the first. */
  readonly held: () => Mark | null
  /** Has what is held taken over again, and reports what came of it. */
  readonly retake: () => void
  /** Ends the poll and all timers; resolves when nothing of it is running any more. */
  readonly close: () => Promise<void>
}

export const heartbeatMs = 5000
export const retryMs = 1000

interface Current<Name extends Feed> {
  readonly snapshot: Numbered<SnapshotBody[Name]>
  readonly raw: RawWhole
  readonly taken: Taken
  /** Whether its text is on disk. */
  readonly onDisk: boolean
}

export function createFollower<Name extends Feed>(parts: FollowerParts<Name>): Follower {
  const { feed, clock, directory } = parts
  const log = parts.log.child({ feed })
  const client = createFeedClient(parts)
  const timers = new Map<string, () => void>()
  let current: Current<Name> | null = null
  /** What may be reported: a crash would bring it back. */
  let kept: EdgeReport | null = null
  let closed = false
  /** Changes did not fit: the next question is for a whole. */
  let lost = false
  let turn: Promise<unknown> = Promise.resolve()
  let following: Promise<void> = Promise.resolve()
  let reporting: Promise<void> | null = null
  let reportAgain = false
  const say = { poll: onChange(log), report: onChange(log), keep: onChange(log), bind: onChange(log) }

  const held = (): Mark | null => current && { epoch: current.snapshot.epoch, n: current.snapshot.n }

  /** One take-over at a time: the poll's, a retry's and the first from disk share this queue. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = turn.then(work)
    turn = next.catch(() => undefined)
    return next
  }

  function setTimer(name: string, ms: number, work: () => void): void {
    timers.get(name)?.()
    if (!closed) timers.set(name, clock.after(ms, work))
  }

  async function takeOver({ snapshot, raw, onDisk: before }: Omit<Current<Name>, 'taken'>): Promise<void> {
    const taken = reportable(await parts.take(snapshot))
    let onDisk = before
    if (!onDisk) {
      try {
        await writeKept(directory, feed, raw.json)
        onDisk = true
        say.keep(null)
      } catch (error) {
        say.keep(`snapshot not written to ${directory}, so it is not reported either: ${(error as Error).message}`)
      }
    }
    current = { snapshot, raw, taken, onDisk }
    if (onDisk) kept = { epoch: snapshot.epoch, n: snapshot.n, ...told(taken) }
    say.bind(taken.failed.length === 0 ? null : taken.failed.map(({ id, reason }) => `${id}: ${reason}`).join('; '))
    if (taken.failed.length > 0 || !onDisk) setTimer('retry', retryMs, retry)
    report()
  }

  const takeAgain = (needed: (held: Current<Name>) => boolean): void => {
    inTurn(async () => {
      if (!closed && current && needed(current)) await takeOver(current)
    }).catch((error: unknown) => {
      log.error({ err: error }, 'the snapshot could not be taken again')
      setTimer('retry', retryMs, retry)
    })
  }
  const retry = (): void => takeAgain(({ taken, onDisk }) => taken.failed.length > 0 || !onDisk)

  /**
   * Sends the newest state that is kept; it goes on where nothing can be kept any more, so that an edge whose disk is full
   * is taken for late, not for silent. One report is on its way at a time, and what changed meanwhile follows it.
   */
  function report(): void {
    setTimer('heartbeat', heartbeatMs, report)
    if (closed || !kept) return
    if (reporting) {
      reportAgain = true
      return
    }
    const traffic = parts.traffic?.next() ?? null
    const { dnsAddress } = parts
    const said = { ...kept, ...(dnsAddress !== undefined && { dnsAddress }), ...(traffic !== null && { traffic }) }
    reporting = client.report(said).then((problem) => {
      reporting = null
      if (!problem && traffic !== null) parts.traffic?.accepted(traffic)
      if (!closed) say.report(problem && `report not accepted: ${problem}`)
      if (reportAgain) {
        reportAgain = false
        report()
      } else if (problem) setTimer('heartbeat', retryMs, report)
    })
  }

  async function takeKept(): Promise<void> {
    try {
      const json = await readKept(directory, feed)
      if (json === null) return
      const raw = rawWhole(json, null)
      const snapshot = typedSnapshot(feed, raw.value)
      await inTurn(() => takeOver({ snapshot, raw, onDisk: true }))
      log.info({ epoch: snapshot.epoch, n: snapshot.n }, 'serving the last good snapshot')
    } catch (error) {
      log.warn(`the kept snapshot is ignored: ${(error as Error).message}`)
    }
  }

  /** Who was revoked ends what it serves, and serves nothing after its next start either. */
  async function serveNothing(): Promise<void> {
    await inTurn(async () => {
      // First, since workers may take long to confirm, and this may be killed meanwhile; but nothing waits for the disk.
      const removed = await removeKept(directory, feed).then(
        () => null,
        (error: Error) => error.message,
      )
      if (current !== null && !closed) {
        const snapshot = emptied(feed, current.snapshot)
        current = { ...current, snapshot, taken: reportable(await parts.take(snapshot)), onDisk: true }
        kept = null
        lost = true
      }
      const until = 'a start serves it again until the control plane has answered; remove it by hand'
      say.keep(removed && `the snapshot in ${directory} could not be removed, so ${until}: ${removed}`)
    })
  }

  /** Asks once and takes what came, if it may; answers with the failures in a row and the wait before the next. */
  async function ask(failures: number): Promise<{ readonly failures: number; readonly waitMs: number }> {
    const askedAt = clock.now()
    const answer = await client.poll(held(), current !== null && !lost)
    const failed = (reason: string): ReturnType<typeof decideNext> => {
      if (!closed) say.poll(`no snapshot: ${reason}`)
      return decideNext({ held: held(), failures }, { kind: 'failed' }, parts.random)
    }
    if (answer.kind === 'failed') {
      if (!answer.revoked) return failed(answer.reason)
      try {
        await serveNothing()
        return failed(answer.reason)
      } catch (error) {
        return failed(`${answer.reason}; what was served could not be ended: ${(error as Error).message}`)
      }
    }
    if (answer.kind === 'nothing newer') {
      say.poll(null)
      parts.confirmed?.()
      const came = { kind: answer.kind, waitedMs: clock.now() - askedAt }
      return decideNext({ held: held(), failures }, came, parts.random)
    }
    try {
      const raw = rawWhole(answer.json, current && { mark: current.snapshot, raw: current.raw })
      const snapshot = typedSnapshot(feed, raw.value)
      const next = decideNext({ held: held(), failures }, { kind: 'offered', mark: snapshot }, parts.random)
      if (!next.take) {
        say.poll(`snapshot ${snapshot.n} refused: it is not newer than ${held()?.n}`)
        return next
      }
      await inTurn(async () => {
        if (!closed) await takeOver({ snapshot, raw, onDisk: false })
      })
      lost = false
      parts.confirmed?.()
      log.info({ epoch: snapshot.epoch, n: snapshot.n }, 'snapshot taken')
      say.poll(null)
      return next
    } catch (error) {
      lost ||= error instanceof ChangeError
      return failed((error as Error).message)
    }
  }

  async function follow(): Promise<void> {
    let failures = 0
    while (!closed) {
      const next = await ask(failures)
      failures = next.failures
      if (next.waitMs > 0) await pause(next.waitMs)
    }
  }

  let endPause = (): void => undefined
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      endPause = resolve
      if (closed) resolve()
      else setTimer('pause', ms, resolve)
    })

  return {
    async start() {
      await takeKept()
      following = follow()
    },
    held,
    retake: () => takeAgain(() => true),
    async close() {
      closed = true
      for (const cancel of timers.values()) cancel()
      client.close()
      endPause()
      await following
      await turn
      await reporting
    },
  }
}

/** The control plane refuses a whole report for one sentence that is longer than this. */
const longestReason = 1024

const short = (failed: EdgeReport['failed']): EdgeReport['failed'] =>
  failed.map(({ id, reason }) => ({ id, reason: reason.slice(0, longestReason) }))

const reportable = ({ failed, wrong, ...rest }: Taken): Taken => ({
  ...rest,
  failed: short(failed),
  ...(wrong !== undefined && { wrong: short(wrong) }),
})

/** As the report has it. */
const told = ({ bound, failed, trusts, wrong = [] }: Taken): Omit<EdgeReport, keyof Mark> => ({
  bound,
  ...(trusts !== undefined && { trusts }),
  failed: [...failed, ...wrong],
})
