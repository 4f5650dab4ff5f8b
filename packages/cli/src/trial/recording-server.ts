// A small HTTP server for the CLI's tests: it demands digest as the real one does, keeps every request that carried the
// right answer, and replies from a table. It stands in for the control plane, which this package must not import; the
// whole journey against the real one is tested where both meet.

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Recorded {
  readonly method: string
  /** As sent, percent-encoding and query included. */
  readonly target: string
  readonly accept: string | undefined
  readonly contentType: string | undefined
  readonly body: unknown
}

interface Answer {
  readonly status?: number
  readonly body?: unknown
}

export type Answers = Readonly<Record<string, Answer | readonly Answer[]>>

export interface RecordingServer {
  readonly url: string
  readonly requests: Recorded[]
  /** By `METHOD /target`; a list is given out in turn, its last one again and again. */
  answers: Answers
  /** How many requests came without an accepted answer to the challenge. */
  challenges: number
  /** Forgets every nonce, as a restarted server does. */
  forgetNonces(): void
  close(): Promise<void>
}

export const keys = { publicKey: 'abcdefgh', privateKey: '3b1b0f3e-7e0d-4f4e-9d43-0d9c1a1d3f7a' } as const
const realm = 'MMS Public API'

export async function startRecordingServer(answers: Answers = {}): Promise<RecordingServer> {
  const nonces = new Set<string>()
  const seen = new Set<string>()
  const turns = new WeakMap<object, number>()
  let nextNonce = 0

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const target = request.url ?? ''
    if (!authorized(request, { nonces, seen })) {
      recording.challenges += 1
      const nonce = Buffer.from(`nonce-${nextNonce++}-of-24-bytes`).toString('base64')
      nonces.add(nonce)
      response.setHeader(
        'WWW-Authenticate',
        `Digest realm="${realm}", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=false`,
      )
      return reply(response, {
        status: 401,
        body: { error: 401, reason: 'Unauthorized', detail: 'You are not authorized for this resource.' },
      })
    }
    recording.requests.push({
      method: request.method ?? '',
      target,
      accept: request.headers.accept,
      contentType: request.headers['content-type'],
      body: body === '' ? undefined : JSON.parse(body),
    })
    const key = `${request.method} ${target}`
    const found = recording.answers[key]
    const turn = found === undefined ? 0 : (turns.get(found) ?? 0)
    if (found !== undefined) turns.set(found, turn + 1)
    const answer = Array.isArray(found) ? found[Math.min(turn, found.length - 1)] : (found as Answer | undefined)
    reply(response, answer ?? { status: 404, body: { error: 404, errorCode: 'RESOURCE_NOT_FOUND', detail: key } })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const recording: RecordingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answers,
    challenges: 0,
    forgetNonces: () => nonces.clear(),
    close: () => closed(server),
  }
  return recording
}

function authorized(
  request: IncomingMessage,
  memory: { readonly nonces: ReadonlySet<string>; readonly seen: Set<string> },
): boolean {
  const fields = new Map(
    [...(request.headers.authorization ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map((match) => [
      match[1],
      match[2] ?? match[3] ?? '',
    ]),
  )
  const nonce = fields.get('nonce') ?? ''
  const used = `${nonce} ${fields.get('nc')}`
  if (!memory.nonces.has(nonce) || memory.seen.has(used) || fields.get('uri') !== request.url) return false
  memory.seen.add(used)
  const ha1 = md5(`${keys.publicKey}:${realm}:${keys.privateKey}`)
  const ha2 = md5(`${request.method}:${request.url}`)
  const right = md5(`${ha1}:${nonce}:${fields.get('nc')}:${fields.get('cnonce')}:auth:${ha2}`)
  return fields.get('response') === right && fields.get('username') === keys.publicKey
}

function reply(response: ServerResponse, { status = 200, body }: Answer): void {
  response.statusCode = status
  if (body !== undefined) response.setHeader('Content-Type', 'application/json')
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
