// A fetch that shows a certificate in TLS, which the platform's own cannot. As much of it as control-plane.ts uses: no
// redirect is followed, whatever `redirect` says, and the answer's body is a stream.

import { Agent, request } from 'node:https'
import { Readable } from 'node:stream'

/** `cert`: PEM, the edge's certificate first. Whom it trusts is the platform's, and NODE_EXTRA_CA_CERTS. */
export function mutualTlsFetch({
  key,
  cert,
  ca,
}: {
  readonly key: string
  readonly cert: string
  readonly ca?: string
}) {
  const agent = new Agent({ key, cert, keepAlive: true, maxCachedSessions: 10, ...(ca !== undefined && { ca }) })

  const send: typeof fetch = (input, init = {}) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', headers, body, signal } = init
      const sent = request(
        String(input),
        { agent, method, headers: Object.fromEntries(new Headers(headers)), ...(signal && { signal }) },
        (answer) => {
          const { statusCode: status = 0 } = answer
          if (status >= 300 && status < 400) {
            answer.destroy()
            reject(new TypeError('the control plane redirects, and an edge follows nowhere'))
            return
          }
          const told = new Headers()
          for (const [name, value] of Object.entries(answer.headers))
            for (const each of [value ?? []].flat()) told.append(name, each)
          const empty = status === 204 || status === 205
          if (empty) answer.resume()
          const stream = empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>)
          resolve(new Response(stream, { status, headers: told }))
        },
      )
      sent.on('error', reject)
      sent.end(typeof body === 'string' ? body : undefined)
    })
  return send
}
