// A client that writes its requests as it is told, header by header, over a real port: what official clients send is
// replayed with it. Answers are left as they came.

import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { digestHa1, digestResponse } from './digest.ts'

export interface Sent {
  readonly method: string
  /** As on the wire. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Every `WWW-Authenticate` by itself. */
  readonly challenges: readonly string[]
  readonly text: string
}

export interface WireClient {
  readonly send: (sent: Sent) => Promise<Received>
  /** As the Go client does it: unauthenticated first, body and all, then the same again with the answer. */
  readonly byDigest: (sent: Sent) => Promise<Received>
  readonly close: () => void
}

export const wireClient = (
  port: number,
  key: { readonly publicKey: string; readonly privateKey: string },
): WireClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = ({ method, path, headers, body }: Sent): Promise<Received> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, method, path, agent, headers: { ...headers } }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            challenges: answer.rawHeaders.flatMap((name, at) =>
              at % 2 === 0 && name.toLowerCase() === 'www-authenticate' ? [answer.rawHeaders[at + 1] ?? ''] : [],
            ),
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      asked.on('error', reject)
      asked.end(body)
    })
  const byDigest = async (sent: Sent): Promise<Received> => {
    const first = await send(sent)
    const [challenge] = first.challenges
    if (first.status !== 401 || challenge === undefined) return first
    const nonce = readAsGoDoes(challenge).get('nonce') ?? ''
    const [nc, cnonce] = ['00000001', 'MDEyMzQ1Njc4OWFiY2RlZg==']
    const { publicKey, privateKey } = key
    const { method, path: uri } = sent
    const response = digestResponse({ ha1: digestHa1(publicKey, privateKey), method, uri, nonce, nc, cnonce })
    const authorization = `Digest username="${publicKey}", realm="MMS Public API", nonce="${nonce}", uri="${uri}", response="${response}", algorithm="MD5", cnonce="${cnonce}", qop=auth, nc=${nc}`
    return send({ ...sent, headers: { ...sent.headers, authorization } })
  }
  return { send, byDigest, close: () => agent.destroy() }
}

const directives = new Set(['realm', 'domain', 'nonce', 'opaque', 'stale', 'algorithm', 'qop'])

/** The Go client splits at comma and blank, and gives up at a directive that it does not know. */
const readAsGoDoes = (challenge: string): ReadonlyMap<string, string> =>
  new Map(
    challenge
      .replace(/^Digest /, '')
      .split(', ')
      .map((pair): [string, string] => {
        const [name = '', value = ''] = pair.split(/=(.*)/s)
        if (!directives.has(name)) throw new Error(`the Go client does not know the directive ${name}`)
        return [name, value.replace(/^"|"$/g, '')]
      }),
  )
