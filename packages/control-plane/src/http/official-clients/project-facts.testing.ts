// Projects, their access lists and database users.

import { expect } from 'vitest'
import { aText, type Fact, g, go, mcp, of20230101, page, v2, vnd } from './fact.testing.ts'

export const projectFacts: readonly Fact[] = [
  {
    says: 'a project is made with an empty owner in the query, as the CLI always sends it',
    sent: go('POST', `${v2}/groups?projectOwnerId=`, '2023-01-01', { name: 'Made', orgId: '{org}' }),
    status: 201,
    body: { name: 'Made', orgId: '{org}', clusterCount: 0 },
  },
  {
    says: 'lists echo what was asked for in their own link',
    sent: go('GET', `${v2}/groups?includeCount=true&itemsPerPage=100&pageNum=1`),
    status: 200,
    body: {
      links: [{ rel: 'self', href: expect.stringContaining('/groups?includeCount=true&pageNum=1&itemsPerPage=100') }],
      totalCount: 2,
    },
  },
  {
    says: 'without a count totalCount is 0, never absent',
    sent: mcp('GET', `${v2}/groups?itemsPerPage=10&pageNum=1&includeCount=false`),
    status: 200,
    body: { totalCount: 0 },
  },
  {
    says: 'a page beyond the last is empty: loops over pageNum end there',
    sent: go('GET', `${v2}/groups?itemsPerPage=100&pageNum=2`),
    status: 200,
    body: page([]),
  },
  {
    says: 'envelope wraps what is described, for clients that ask under v1.0',
    sent: { method: 'GET', path: '/api/atlas/v1.0/groups/{group}?envelope=true&pretty=true' },
    status: 200,
    type: 'application/json',
    text: /^\{\n {2}"status": 200,\n {2}"content": \{/,
  },
  {
    says: 'a project that is not there: Atlas names its id as the one parameter',
    sent: go('GET', `${v2}/groups/${'1'.repeat(24)}`),
    status: 404,
    type: 'application/json',
    headers: { 'x-error-code': 'GROUP_NOT_FOUND' },
    text: `{"detail":"No group with ID ${'1'.repeat(24)} exists.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["${'1'.repeat(24)}"],"reason":"Not Found"}`,
  },
  { says: 'Terraform: settings', sent: go('GET', `${g}/settings`), status: 200, type: of20230101 },
  { says: 'Terraform: limits are a bare list', sent: go('GET', `${g}/limits`), status: 200, text: /^\[\{/ },
  { says: 'Terraform: teams are counted', sent: go('GET', `${g}/teams`), status: 200, body: page([], 0) },
  {
    says: 'Terraform: addresses are there though there are none',
    sent: go('GET', `${g}/ipAddresses`),
    status: 200,
    body: { groupId: '{group}', services: { clusters: [] } },
  },
  {
    says: 'Terraform: managedSlowMs is JSON of one word',
    sent: go('GET', `${g}/managedSlowMs`),
    status: 200,
    text: 'true',
  },
  {
    says: 'Terraform: turning managedSlowMs off and on answers nothing at all',
    sent: go('DELETE', `${g}/managedSlowMs/disable`),
    status: 204,
    text: '',
  },
  {
    says: 'Terraform: people of a project in the version of 2025-02-19',
    sent: go('GET', `${g}/users`, '2025-02-19'),
    status: 200,
    type: `${vnd('2025-02-19')};charset=utf-8`,
    body: page([{ username: 'owner@example.com' }], 1),
  },
]

const dn = 'CN=app,OU=eng'
export const accessFacts: readonly Fact[] = [
  {
    says: 'adding to the access list answers the whole list, a page of it',
    sent: go('POST', `${g}/accessList`, '2023-01-01', [{ cidrBlock: '10.1.0.0/16', comment: 'Terraform' }]),
    status: 201,
    body: page([{ cidrBlock: '10.1.0.0/16' }], 1),
  },
  {
    says: 'the MCP server names the project in every entry, in plain JSON, by a date that the list has not',
    sent: mcp('POST', `${g}/accessList`, [{ groupId: '{group}', ipAddress: '192.0.2.7', comment: 'mcp' }]),
    status: 201,
    type: of20230101,
  },
  {
    says: 'a block in the path has its slash encoded',
    sent: go('GET', `${g}/accessList/10.1.0.0%2F16`),
    status: 200,
    body: { cidrBlock: '10.1.0.0/16', groupId: '{group}' },
  },
  {
    says: 'it is deleted with nothing to read',
    sent: go('DELETE', `${g}/accessList/10.1.0.0%2F16`),
    status: 204,
    text: '',
  },
  {
    says: 'and is 404 from then on, which Terraform waits for',
    sent: go('GET', `${g}/accessList/10.1.0.0%2F16`),
    status: 404,
    body: { error: 404, errorCode: aText },
  },
  {
    says: 'a user may end at a time with an offset, is told it in UTC, and never its password',
    sent: go('POST', `${g}/databaseUsers`, '2023-01-01', {
      databaseName: 'admin',
      username: 'temporary',
      password: 'correct-horse-battery',
      deleteAfterDate: new Date(Date.now() + 86_400_000).toISOString().replace(/T.*/, 'T12:00:00+02:00'),
      roles: [{ roleName: 'readWrite', databaseName: 'shop' }],
      scopes: [],
      labels: [],
    }),
    status: 201,
    text: /^(?!.*correct-horse).*"deleteAfterDate":"[\d-]+T10:00:00Z"/,
  },
  {
    says: 'the MCP server names every kind of authentication as NONE',
    sent: mcp('POST', `${g}/databaseUsers`, {
      databaseName: 'admin',
      groupId: '{group}',
      username: 'mcpUser1',
      password: 'correct-horse-battery',
      awsIAMType: 'NONE',
      ldapAuthType: 'NONE',
      oidcAuthType: 'NONE',
      x509Type: 'NONE',
      roles: [{ roleName: 'readAnyDatabase', databaseName: 'admin' }],
    }),
    status: 201,
    body: { username: 'mcpUser1', x509Type: 'NONE' },
  },
  {
    says: 'an X.509 user is made by its distinguished name',
    sent: go('POST', `${g}/databaseUsers`, '2023-01-01', {
      databaseName: '$external',
      username: dn,
      x509Type: 'CUSTOMER',
      roles: [{ roleName: 'read', databaseName: 'shop' }],
    }),
    status: 201,
    body: { databaseName: '$external', username: dn },
  },
  {
    says: 'and is found by it, encoded',
    sent: go('GET', `${g}/databaseUsers/$external/${encodeURIComponent(dn)}`),
    status: 200,
    body: { username: dn },
  },
  {
    says: 'a database user is deleted with nothing to read',
    sent: go('DELETE', `${g}/databaseUsers/admin/mcpUser1`),
    status: 204,
    text: '',
  },
]
