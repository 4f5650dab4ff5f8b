// Who calls: log-in, tokens, and what clients ask beside the API.

import { expect } from 'vitest'
import { aText, type Fact, form, go, of20230101, page, tokenRequest, v2 } from './fact.testing.ts'

export const callerFacts: readonly Fact[] = [
  {
    says: 'a 401 has the four recorded fields in their order, which the CLI takes for "log in"',
    sent: go('GET', `${v2}/orgs`),
    by: 'nobody',
    status: 401,
    text: '{"error":401,"reason":"Unauthorized","detail":"You are not authorized for this resource.","errorCode":"UNEXPECTED_ERROR"}',
  },
  {
    says: 'a token is asked for with Basic as it is, by a form, and lives far longer than ten minutes',
    sent: tokenRequest,
    by: 'nobody',
    status: 200,
    body: { access_token: aText, token_type: 'Bearer', expires_in: 3600 },
  },
  {
    says: 'the address of tokens may begin with two slashes: a base URL with one at its end is glued to it',
    sent: { ...tokenRequest, path: '//api/oauth/token' },
    by: 'nobody',
    status: 200,
  },
  {
    says: 'wrong credentials of a service account are `invalid_client`, the one word that the CLI reads',
    sent: { ...tokenRequest, headers: { ...form, authorization: `Basic ${btoa('mdb_sa_id_x:mdb_sa_sk_x')}` } },
    by: 'nobody',
    status: 401,
    body: { error: 'invalid_client' },
  },
  {
    says: 'a token is revoked with its kind named, as the Go client does at its end',
    sent: {
      ...tokenRequest,
      path: '/api/oauth/revoke',
      body: 'token=never-was&token_type_hint=access_token',
    },
    by: 'nobody',
    status: 200,
  },
  {
    says: 'a token that is none is challenged like nobody',
    sent: { ...go('GET', `${v2}/orgs`), headers: { authorization: 'Bearer x' } },
    status: 401,
    body: { errorCode: 'UNEXPECTED_ERROR' },
  },
  {
    says: 'log-in: organizations are asked for with an empty name, and counted',
    sent: go('GET', `${v2}/orgs?itemsPerPage=50&name=`),
    status: 200,
    type: of20230101,
    body: page([{ id: '{org}', name: 'Organization0' }], 1),
  },
  {
    says: 'log-in: its projects are listed under the organization, and counted',
    sent: go('GET', `${v2}/orgs/{org}/groups?itemsPerPage=50`),
    status: 200,
    body: page([{ id: '{group}' }], 1),
  },
  {
    says: 'log-in of people through a browser is not here: an unknown path in the form that the CLI reads',
    sent: {
      method: 'POST',
      path: '/api/private/unauth/account/device/authorize',
      headers: form,
      body: 'client_id=x',
    },
    by: 'nobody',
    status: 404,
    headers: { 'x-error-code': 'RESOURCE_NOT_FOUND' },
    body: { error: 404, errorCode: 'RESOURCE_NOT_FOUND' },
  },
  {
    says: 'telemetry finds no door, and clients go on',
    sent: {
      method: 'POST',
      path: '/api/private/unauth/telemetry/events',
      headers: { 'content-type': 'application/json' },
      body: '[]',
    },
    by: 'nobody',
    status: 404,
    body: { errorCode: 'RESOURCE_NOT_FOUND' },
  },
  {
    says: 'the address of the caller is told by digest, plain JSON being asked for',
    sent: { method: 'GET', path: '/api/private/ipinfo', headers: { accept: 'application/json' } },
    status: 200,
    type: 'application/json',
    body: { currentIpv4Address: '127.0.0.1' },
  },
  {
    says: 'the default major version is plain text for anybody',
    sent: go('GET', '/api/private/unauth/nds/defaultMongoDBMajorVersion'),
    by: 'nobody',
    status: 200,
    headers: { 'content-type': expect.stringMatching(/^text\/plain/) },
    text: '8.0',
  },
]
