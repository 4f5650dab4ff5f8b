// From a URL and credentials to a typed client: the one place where an authentication scheme is chosen.

import { type Client, createClient, type Fetch } from '@postern/contract/client'
import { digestFetch } from './digest.ts'
import { bearerFetch, serviceAccountFetch } from './service-account.ts'

export type Credentials =
  | { readonly kind: 'digest'; readonly publicKey: string; readonly privateKey: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'serviceAccount'; readonly clientId: string; readonly clientSecret: string }

const answerWithinMs = 60_000

/** `baseUrl` without `/api/…`; a trailing slash does no harm. `fetch` is the platform's where none is given. */
export function connect(to: {
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly fetch?: Fetch
}): Client {
  const network = limited(to.fetch ?? ((url, init) => fetch(url, init)))
  return createClient({ baseUrl: to.baseUrl, fetch: authenticated(network, to.baseUrl, to.credentials) })
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
