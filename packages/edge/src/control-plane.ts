// The edge's way to the control plane: one request at a time of bounded length, with the edge's proof, to a path under
// its own name. No redirect is followed (the token must not travel on), and every answer is bounded in size.

import type { Clock } from './clock.ts'

export interface ControlPlaneParts {
  /** The control plane, such as `http://127.0.0.1:8080`; a path is kept. */
  readonly baseUrl: string
  readonly edge: string
  /** Null: `fetch` proves who asks (identity/). */
  readonly token: string | null
  readonly fetch: typeof fetch
  readonly clock: Clock
}

export interface Asking {
  /** Beneath `/api/postern/v1/edges/{edge}/`. */
  readonly path: string
  /** Sent as JSON by POST; without one it is a GET. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds until the whole answer must be there. */
  readonly limitMs: number
}

export interface ControlPlane {
  /** Rejects with an Error when there is no answer; `reasonOf` says why. */
  readonly ask: <Result>(asking: Asking, read: (response: Response) => Promise<Result>) => Promise<Result>
  /** Ends whatever is on its way. */
  readonly close: () => void
}

export function createControlPlane(parts: ControlPlaneParts): ControlPlane {
  /** One for each request on its way; `AbortSignal.any` over a long-lived signal would gather garbage for ever. */
  const underWay = new Set<AbortController>()
  const base = `${parts.baseUrl.replace(/\/+$/, '')}/api/postern/v1/edges/${encodeURIComponent(parts.edge)}`
  const proof = parts.token === null ? {} : { authorization: `Bearer ${parts.token}` }

  return {
    async ask({ path, body, headers, limitMs }, read) {
      const ending = new AbortController()
      const cancel = parts.clock.after(limitMs, () => ending.abort(new Error(`no answer within ${limitMs / 1000} s`)))
      underWay.add(ending)
      try {
        const sent =
          body === undefined
            ? { headers: { ...headers, ...proof, accept: 'application/json' } }
            : {
                method: 'POST',
                headers: { ...headers, ...proof, accept: 'application/json', 'content-type': 'application/json' },
                body: JSON.stringify(body),
              }
        return await read(await parts.fetch(`${base}/${path}`, { ...sent, redirect: 'error', signal: ending.signal }))
      } finally {
        underWay.delete(ending)
        cancel()
      }
    },
    close() {
      for (const ending of underWay) ending.abort(new Error('the edge is closing'))
    },
  }
}

/** The body as text. Throws when it is larger than `largest` bytes. */
export async function textOf(response: Response, largest: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > largest) throw new Error(`the answer is larger than ${largest} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What a control plane answers to an edge that it has revoked. */
export const revokedStatus = 410

/** A refusal in a sentence. */
export const refusal = ({ status }: Pick<Response, 'status'>): string =>
  status === 401 || status === 403
    ? `the control plane answered ${status}: it does not know this edge's token; enrol the edge again`
    : status === revokedStatus
      ? 'this edge was revoked: it serves nothing any more; enrol it again if that was a mistake'
      : status === 406
        ? 'this edge and the control plane know no common schema of snapshots: upgrade the older of the two'
        : `the control plane answered ${status}`

/** fetch hides the reason ("fetch failed") in its cause. */
export const reasonOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message
}
