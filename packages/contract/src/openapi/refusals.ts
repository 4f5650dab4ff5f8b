// How an operation may refuse, by status: which ones is read from its route, and all but OAuth's have Atlas's form.

import type { OperationId, Route } from '../routes.ts'

const answer = (description: string, schema = 'ApiError') => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
})

/** Those that stand in the document's `components`, under these names. */
export const responses = {
  BadRequest: answer('A parameter or a field is wrong, or the request cannot be met as it is; it is named.'),
  Unauthorized: answer('Who calls is not known; `WWW-Authenticate` has the challenge of HTTP digest.'),
  Forbidden: answer('The caller has not the role, or comes from an address that is not allowed.'),
  NotFound: answer('There is no such thing, or the caller may not know of it.'),
  NotAcceptable: answer('No version of this resource is as old as the one asked for.'),
  Conflict: answer('It stands against what is there; what stands in the way is named.'),
  TooLarge: answer('The body is longer than the server takes.'),
  UnsupportedMediaType: answer('The body is not declared as what it has to be.'),
  TooManyRequests: answer('Too many tries; `Retry-After` says when to come again.'),
  OAuthRefusal: answer("Refused in OAuth's own form.", 'OAuthError'),
  Unavailable: answer('The server cannot answer now, or has a defect; nothing was changed.'),
} as const

const refer = (name: keyof typeof responses) => ({ $ref: `#/components/responses/${name}` })

const oauth: readonly OperationId[] = ['createToken', 'revokeToken']

export const refusalsOf = (operation: OperationId, route: Route): Readonly<Record<string, unknown>> => {
  if (oauth.includes(operation))
    return { 400: refer('OAuthRefusal'), 401: refer('OAuthRefusal'), 415: refer('UnsupportedMediaType'), ...always }
  const writes = route.method !== 'GET'
  const takesBody = writes && route.method !== 'DELETE'
  return {
    400: refer('BadRequest'),
    ...(route.access.kind !== 'public' && { 401: refer('Unauthorized'), 403: refer('Forbidden') }),
    ...(route.path.includes('{') && { 404: refer('NotFound') }),
    ...(route.versions.length > 0 && { 406: refer('NotAcceptable') }),
    ...(writes && { 409: refer('Conflict') }),
    ...(takesBody && { 413: refer('TooLarge'), 415: refer('UnsupportedMediaType') }),
    ...always,
  }
}

const always = { 429: refer('TooManyRequests'), default: refer('Unavailable') }
