// One attempt over the network: a POST that says who we are, is given up after a while, follows nothing and reads only so
// much of what is answered. Link-local and metadata addresses are refused as they are dialled, so that a name that
// resolves differently at the second look leads nowhere either.

import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { guardedLookup, refusedHost } from '../../engines/dial-guard.ts'
import { endingOf } from '../../http/ending.ts'
import type { Answer } from './judge.ts'
import { hostOf } from './target.ts'

export interface Attempt {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Rejects only when the server stops meanwhile: then nothing is known. */
export type Send = (attempt: Attempt) => Promise<Answer>

const attemptMs = 10_000
const answerBytes = 64 * 1024
const reasonLength = 300

/** `stopping` ends attempts under way. */
export const createSender =
  (stopping: AbortSignal, { timeoutMs = attemptMs }: { readonly timeoutMs?: number } = {}): Send =>
  async ({ url: text, headers, body }) => {
    const url = new URL(text)
    const refused = refusedHost(hostOf(url))
    if (refused !== null) return { kind: 'failed', reason: refused }
    const late = AbortSignal.timeout(timeoutMs)
    const { signal, release } = endingOf(late, stopping)
    try {
      const options: RequestOptions = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: guardedLookup,
        signal,
        // A connection of its own each time: nothing is kept open towards somebody else's server.
        agent: false,
      }
      const response = await answerTo((url.protocol === 'https:' ? requestHttps : requestHttp)(url, options), body)
      await drain(response)
      return { kind: 'answered', status: response.statusCode ?? 0 }
    } catch (error) {
      if (stopping.aborted) throw error
      const reason = late.aborted ? `no answer within ${timeoutMs / 1000} s` : (error as Error).message || String(error)
      return { kind: 'failed', reason: reason.slice(0, reasonLength) }
    } finally {
      release()
    }
  }

const answerTo = (request: ClientRequest, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('response', resolve)
    // Also after the answer began, when it has no reader but `drain`.
    request.on('error', reject)
    request.end(body)
  })

/** Lets the receiver finish its sentence, but not a long one; what it says is of no account. */
const drain = (response: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > answerBytes) response.destroy()
    })
    response.on('error', () => {})
    response.on('close', resolve)
  })
