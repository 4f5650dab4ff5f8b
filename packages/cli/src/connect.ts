// From a URL and credentials to a typed client: the one place where an authentication scheme is chosen.

import { type Client, createClient, type Fetch } from '@postern/contract/client'
import { digestFetch } from './digest.ts'
import { httpFetch } from './http-fetch.ts'
import { bearerFetch, serviceAccountFetch } from './service-account.ts'

export type Credentials =
  | { readonly kind: 'digest'; readonly publicKey: string; readonly privateKey: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'serviceAccount'; readonly clientId: string; readonly clientSecret: string }

const answerWithinMs = 60_000

/** `baseUrl` without `/api/…`; a trailing slash does no harm. `fetch` is ./http-fetch.ts where none is given. */
export function connect(to: {
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly fetch?: Fetch
  /** Is given what a server goes on to send, piece by piece; such answers may take as long as they like. */
  readonly stream?: (text: string) => void
}): Client {
  const network = to.fetch ?? httpFetch
  const { stream } = to
  if (stream === undefined) {
    return createClient({ baseUrl: to.baseUrl, fetch: authenticated(limited(network), to.baseUrl, to.credentials) })
  }
  return createClient({
    baseUrl: to.baseUrl,
    fetch: streamed(authenticated(network, to.baseUrl, to.credentials), stream),
  })
}

/** Refusals are answers like any other; a good answer is handed on as it comes, and empty when it has ended. */
const streamed =
  (fetch: Fetch, stream: (text: string) => void): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init)
    if (!response.ok || response.body === null) return response
    const decoder = new TextDecoder()
    for await (const chunk of response.body) stream(decoder.decode(chunk, { stream: true }))
    return { ok: true, status: response.status, headers: response.headers, body: null, text: async () => '' }
  }

function authenticated(network: Fetch, baseUrl: string, credentials: Credentials): Fetch {
  switch (credentials.kind) {
    case 'digest':
      return digestFetch(network, credentials)
    case 'bearer':
      return bearerFetch(network, credentials.token)
    case 'serviceAccount':
      return serviceAccountFetch(network, { baseUrl, ...credentials })
  }
}

const limited =
  (network: Fetch): Fetch =>
  (url, init) =>
    network(url, { ...init, signal: AbortSignal.timeout(answerWithinMs) })
