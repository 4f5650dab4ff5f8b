// The measuring side: one connection that is kept, one request after another, and the time from asking to the last byte.
// Node's own client, because a heavier one would be measured too.

import { Agent, request } from 'node:http'
import { byDigest, type Caller } from '../../packages/control-plane/src/http/testing.ts'

export interface Wish {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly challenge: string
  /** Milliseconds. */
  readonly ms: number
}

export interface BenchClient {
  /** Throws for any status outside 200 to 299. */
  readonly ask: (wish: Wish) => Promise<Answer>
  readonly close: () => void
}

/** `authorization`: a header that is sent as it is; null where none is needed. */
export function bearerClient(baseUrl: string, authorization: string | null): BenchClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    ask: async (wish) => checked(wish, await send(baseUrl, wish, { agent, authorization })),
    close: () => agent.destroy(),
  }
}

/** As the official clients do it: a challenge for each request, so two requests; both count. */
export function digestClient(baseUrl: string, keys: { publicKey: string; privateKey: string }): BenchClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const caller: Caller = byDigest(keys.publicKey, keys.privateKey)
  return {
    ask: async (wish) => {
      const first = await send(baseUrl, wish, { agent, authorization: null })
      const authorization = await caller({ method: wish.method, path: wish.path, challenge: first.challenge })
      const second = await send(baseUrl, wish, { agent, authorization })
      return checked(wish, { ...second, ms: first.ms + second.ms })
    },
    close: () => agent.destroy(),
  }
}

const checked = (wish: Wish, answer: Answer): Answer => {
  if (answer.status >= 200 && answer.status < 300) return answer
  throw new Error(`${wish.method} ${wish.path}: ${answer.status} ${answer.text.slice(0, 500)}`)
}

const send = (
  baseUrl: string,
  { method, path, body }: Wish,
  { agent, authorization }: { readonly agent: Agent; readonly authorization: string | null },
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const json = body === undefined ? null : JSON.stringify(body)
    const began = performance.now()
    const headers = {
      accept: 'application/vnd.atlas.2023-01-01+json',
      ...(authorization !== null && { authorization }),
      ...(json !== null && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
    }
    const asking = request(`${baseUrl}${path}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const ms = performance.now() - began
        const text = Buffer.concat(chunks).toString('utf8')
        const challenge = response.headers['www-authenticate'] ?? ''
        resolve({ status: response.statusCode ?? 0, text, challenge, ms })
      })
    })
    asking.on('error', reject)
    asking.end(json)
  })
