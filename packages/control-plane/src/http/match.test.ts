// Paths against the route table.

import { routes } from '@postern/contract/routes'
import { describe, expect, test } from 'vitest'
import { compileRoutes } from './match.ts'

const match = compileRoutes(routes)
const g = '/api/atlas/v2/groups/0123456789abcdef01234567'

describe('a request means', () => {
  test.each([
    { says: 'a fixed path', method: 'GET', path: '/api/atlas/v2/groups', operation: 'listGroups' },
    { says: 'a path with a parameter', method: 'GET', path: g, operation: 'getGroup' },
    {
      says: 'the fixed segment rather than the parameter',
      method: 'GET',
      path: '/api/atlas/v2/groups/byName/apiKeys',
      operation: 'getGroupByName',
    },
    {
      says: 'regional mode, not a cloud of that name',
      method: 'GET',
      path: `${g}/privateEndpoint/regionalMode`,
      operation: 'getGroupPrivateEndpointRegionalMode',
    },
    {
      says: 'the parameter where the fixed segment leads nowhere',
      method: 'PATCH',
      path: `${g}/privateEndpoint/endpointService/x`,
      operation: 'updateGroupPrivateEndpointEndpointService',
    },
    {
      says: 'the custom method behind a parameter',
      method: 'POST',
      path: `${g}/users/0123456789abcdef01234567:addRole`,
      operation: 'addGroupUserRole',
    },
    {
      says: 'the bare parameter where no such custom method is',
      method: 'GET',
      path: `${g}/users/0123456789abcdef01234567:else`,
      operation: 'getGroupUser',
    },
    {
      says: 'the v2 operation under its old path',
      method: 'GET',
      path: '/api/atlas/v1.0/groups',
      operation: 'listGroups',
    },
    {
      says: 'the same with slashes doubled at the front',
      method: 'POST',
      path: '//api/oauth/token',
      operation: 'createToken',
    },
    { says: 'the same with a slash at the end', method: 'GET', path: `${g}/`, operation: 'getGroup' },
    { says: 'GET when it says HEAD', method: 'HEAD', path: g, operation: 'getGroup' },
  ])('$says: $method $path', ({ method, path, operation }) => {
    expect(match(method, path)).toMatchObject({ found: 'operation', operation })
  })

  test('its parameters still encoded, split before anything is decoded', () => {
    const path = `${g}/privateEndpoint/AZURE/endpointService/s/endpoint/%2Fsubscriptions%2Fx%2Fy`
    expect(match('GET', path)).toMatchObject({
      rawParams: { cloudProvider: 'AZURE', endpointServiceId: 's', endpointId: '%2Fsubscriptions%2Fx%2Fy' },
    })
  })

  test('only what has an old path under v1.0', () => {
    expect(match('GET', '/api/atlas/v1.0/groups').found).toBe('operation')
    expect(match('GET', g.replace('v2', 'v1.0').concat('/limits'))).toEqual({ found: 'nothing' })
  })
})

describe('a request means nothing', () => {
  test.each([
    '/api/atlas',
    '/api/atlas/v2/nothing',
    `${g}/privateEndpoint/AWS/endpointService//endpoint/x`,
    '/api/atlas/v2/groups/../orgs',
    '/api/atlas/v2/groups/%2e%2e/orgs',
    '/API/atlas/v2/groups',
    '/api/atlas/v2/groups/a/b/c/d/e/f/g',
  ])('as %s', (path) => {
    expect(match('GET', path)).toEqual({ found: 'nothing' })
  })

  test('but names the methods where only the method is wrong', () => {
    expect(match('PUT', g)).toEqual({ found: 'otherMethods', allowed: ['DELETE', 'GET', 'PATCH'] })
  })
})

test('a table in which two operations claim one path is refused at start', () => {
  expect(() => compileRoutes({ listGroups: routes.listGroups, listOrgs: routes.listGroups })).toThrow(/both claim/)
})

describe('an Azure resource id is one segment, however it comes', () => {
  const id =
    '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe'
  const at = `${g}/privateEndpoint/AZURE/endpointService/0123456789abcdef01234567/endpoint`
  const own = at.replace('/api/atlas/v2/', '/api/postern/v1/')
  test.each([
    { says: 'percent-encoded', path: `${at}/${encodeURIComponent(id)}` },
    { says: 'with bare slashes', path: `${at}/${id}` },
    { says: 'with its leading slash folded into the path’s', path: `${at}${id}` },
    { says: 'with another case', path: `${at}${id.replace('Groups', 'groups')}` },
  ])('$says', ({ path }) => {
    const found = match('GET', path)
    expect(found).toMatchObject({ operation: 'getGroupPrivateEndpointEndpointServiceEndpoint' })
    const endpointId = found.found === 'operation' ? decodeURIComponent(found.rawParams.endpointId ?? '') : ''
    expect(endpointId.toLowerCase()).toBe(id.toLowerCase())
  })

  test('also before a custom method', () => {
    const found = match('POST', `${own}${id}:retry`)
    expect(found).toMatchObject({ operation: 'retryGroupPrivateEndpoint' })
    expect(found.found === 'operation' && decodeURIComponent(found.rawParams.endpointId ?? '')).toBe(id)
  })

  test('and in the local cloud', () => {
    expect(match('DELETE', `/api/postern/v1/local/azure/privateEndpoints${id}`)).toMatchObject({
      operation: 'deleteLocalAzurePrivateEndpoint',
      rawParams: { privateEndpointId: encodeURIComponent(id) },
    })
  })

  test('other paths with slashes stay what they are', () => {
    expect(match('GET', `${at}/a/b`)).toEqual({ found: 'nothing' })
  })
})
