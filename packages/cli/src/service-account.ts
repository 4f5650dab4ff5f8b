// A service account around a `fetch`: OAuth 2.0 client credentials, one token for as long as the server takes it. The
// token lives in this process only; a new one is asked for once when an answer says 401.

import { type Answer, ApiError, type Asked, type Fetch, UnreachableError } from '@postern/contract/client'

/** Throws `ApiError` where the server refuses the pair, `UnreachableError` where it does not answer. */
export function serviceAccountFetch(
  fetch: Fetch,
  account: { readonly baseUrl: string; readonly clientId: string; readonly clientSecret: string },
): Fetch {
  let token: Promise<string> | undefined
  const withToken = async (url: string, init: Asked): Promise<Answer> => {
    token ??= requestToken(fetch, account)
    const bearer = await token.catch((problem: unknown) => {
      token = undefined
      throw problem
    })
    return bearerFetch(fetch, bearer)(url, init)
  }
  return async (url, init) => {
    const first = await withToken(url, init)
    if (first.status !== 401) return first
    // Read to its end, so that its connection serves again.
    await first.text()
    token = undefined
    return withToken(url, init)
  }
}

export const bearerFetch =
  (fetch: Fetch, token: string): Fetch =>
  (url, init) =>
    fetch(url, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
    })

async function requestToken(
  fetch: Fetch,
  account: { readonly baseUrl: string; readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const basic = Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64')
  const response = await fetch(`${account.baseUrl.replace(/\/+$/, '')}/api/oauth/token`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  }).catch((cause: unknown) => {
    throw new UnreachableError(account.baseUrl, cause)
  })
  const body: unknown = await response
    .text()
    .then(JSON.parse)
    .catch(() => undefined)
  const token = typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : undefined
  if (response.ok && typeof token === 'string') return token
  throw new ApiError(response.ok ? 502 : response.status, {
    errorCode: 'UNAUTHORIZED',
    detail: `The service account ${account.clientId} was not given a token.`,
  })
}
