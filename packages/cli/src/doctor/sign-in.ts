// Whether the deployment lets the user in, by the official driver on the string as it is: mechanisms, escapes and
// authSource are then what an application gets. What the driver says is reduced to what is known to hold no secret.

import type { Road } from './road.ts'

export type SignIn =
  | { readonly outcome: 'IN' | 'NOT_TRIED' }
  /** `byPolicy`: not by the deployment, but by the endpoint's policy. */
  | { readonly outcome: 'REFUSED'; readonly byPolicy: boolean }
  /** The driver's name for what went wrong. */
  | { readonly outcome: 'NO_ANSWER'; readonly error: string }

const authenticationFailed = 18

/** Never rejects. `ca` is the path of a PEM file that the string does not name. */
export async function signIn(
  { uri, hasCredentials }: Pick<Road, 'uri' | 'hasCredentials'>,
  { timeoutMs, caFile }: { readonly timeoutMs: number; readonly caFile: string | undefined },
): Promise<SignIn> {
  if (!hasCredentials) return { outcome: 'NOT_TRIED' }
  const { MongoClient, MongoServerError } = await import('mongodb')
  try {
    const client = new MongoClient(uri, {
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
      readPreference: 'primaryPreferred',
      appName: 'postern doctor',
      ...(caFile === undefined ? {} : { tlsCAFile: caFile }),
    })
    try {
      await client.db('admin').command({ ping: 1 })
      return { outcome: 'IN' }
    } finally {
      await client.close(true)
    }
  } catch (error) {
    if (error instanceof MongoServerError && error.code === authenticationFailed) {
      return { outcome: 'REFUSED', byPolicy: error.message.endsWith('(a policy of the private endpoint)') }
    }
    return { outcome: 'NO_ANSWER', error: error instanceof Error ? error.name : 'Error' }
  }
}
