// The two requests of a follower, and nothing of what they are for: the long poll and the report. Every answer is
// bounded in time and size, no redirect is followed (the token must not travel on), and no throw leaves this file.

import type { EdgeReport, Feed } from '@postern/contract/snapshot'
import type { Clock } from '../clock.ts'
import type { Mark } from './decide.ts'
import { largestBytes } from './parse-snapshot.ts'

export interface FeedClientParts {
  /** The control plane, such as `http://127.0.0.1:8080`; a path is kept. */
  readonly baseUrl: string
  readonly edge: string
  readonly feed: Feed
  readonly token: string
  readonly fetch: typeof fetch
  readonly clock: Clock
}

type Answer =
  | { readonly kind: 'body'; readonly json: string }
  | { readonly kind: 'nothing newer' }
  | { readonly kind: 'failed'; readonly reason: string }

export interface FeedClient {
  readonly poll: (held: Mark | null) => Promise<Answer>
  /** Null when it was accepted, else why not. */
  readonly report: (report: EdgeReport) => Promise<string | null>
  /** Ends whatever is on its way. */
  readonly close: () => void
}

/** The server waits up to 25 s; what takes longer than this is a broken connection. */
const pollLimitMs = 40_000
const reportLimitMs = 10_000

export function createFeedClient(parts: FeedClientParts): FeedClient {
  /** One for each request on its way; `AbortSignal.any` over a long-lived signal would gather garbage for ever. */
  const underWay = new Set<AbortController>()
  const base = `${parts.baseUrl.replace(/\/+$/, '')}/api/postern/v1/edges/${encodeURIComponent(parts.edge)}`
  const authorization = `Bearer ${parts.token}`

  async function bounded<Result>(limitMs: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const ending = new AbortController()
    const cancel = parts.clock.after(limitMs, () => ending.abort(new Error(`no answer within ${limitMs / 1000} s`)))
    underWay.add(ending)
    try {
      return await work(ending.signal)
    } finally {
      underWay.delete(ending)
      cancel()
    }
  }

  return {
    async poll(held) {
      const query = held ? `?${new URLSearchParams({ epoch: held.epoch, after: String(held.n) })}` : ''
      try {
        return await bounded(pollLimitMs, async (signal): Promise<Answer> => {
          const response = await parts.fetch(`${base}/snapshots/${parts.feed}${query}`, {
            headers: { authorization, accept: 'application/json' },
            redirect: 'error',
            signal,
          })
          if (response.status === 200) return { kind: 'body', json: await bodyText(response) }
          await response.body?.cancel()
          return response.status === 204 ? { kind: 'nothing newer' } : { kind: 'failed', reason: refusal(response) }
        })
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) }
      }
    },
    async report(report) {
      try {
        return await bounded(reportLimitMs, async (signal) => {
          const response = await parts.fetch(`${base}/reports/${parts.feed}`, {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(report),
            redirect: 'error',
            signal,
          })
          await response.body?.cancel()
          return response.ok ? null : refusal(response)
        })
      } catch (error) {
        return reasonOf(error)
      }
    },
    close() {
      for (const ending of underWay) ending.abort(new Error('the edge is closing'))
    },
  }
}

async function bodyText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > largestBytes) throw new Error(`the snapshot is larger than ${largestBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const refusal = ({ status }: Response): string =>
  status === 401 || status === 403
    ? `the control plane answered ${status}: it does not know this edge's token; enrol the edge again`
    : `the control plane answered ${status}`

/** fetch hides the reason ("fetch failed") in its cause. */
const reasonOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message
}
