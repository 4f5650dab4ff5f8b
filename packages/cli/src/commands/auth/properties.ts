// What a log-in keeps in a profile beside the server's URL, and a log-out takes out of it.

export const secretProperties = [
  'public_api_key',
  'private_api_key',
  'client_id',
  'client_secret',
  'access_token',
  'refresh_token',
] as const

export const placeProperties = ['org_id', 'project_id'] as const
