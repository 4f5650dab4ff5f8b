// What a log-in keeps in a profile beside the server's URL, and a log-out takes out of it.

import { withoutProperty } from '../../server/profile-text.ts'

export const secretProperties = [
  'public_api_key',
  'private_api_key',
  'client_id',
  'client_secret',
  'access_token',
  'refresh_token',
] as const

export const placeProperties = ['org_id', 'project_id'] as const

/** What a former log-in left must not stand beside new keys: a service account would win over an API key. */
export const withoutLogin = (text: string, profile: string): string =>
  [...secretProperties, ...placeProperties].reduce(
    (before, property) => withoutProperty(before, { profile, property }),
    text,
  )
