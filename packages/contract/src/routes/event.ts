// Operations on what has happened, of a group and of an organization. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const own = '/api/postern/v1'
const v20230101 = ['2023-01-01'] as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const

export const eventRoutes = {
  listGroupEvents: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/events`,
    versions: v20230101,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  getGroupEvent: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/events/{eventId}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  listOrgEvents: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/events`,
    versions: v20230101,
    status: 200,
    access: { kind: 'org', roles: ['ORG_MEMBER'] },
    paged: true,
    v1: true,
  },
  getOrgEvent: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/events/{eventId}`,
    versions: v20230101,
    status: 200,
    access: { kind: 'org', roles: ['ORG_MEMBER'] },
    v1: true,
  },
  searchGroupEvents: {
    method: 'GET',
    path: `${own}/groups/{groupId}/events`,
    versions: [],
    status: 200,
    access: reader,
    paged: true,
  },
  searchOrgEvents: {
    method: 'GET',
    path: `${own}/orgs/{orgId}/events`,
    versions: [],
    status: 200,
    access: { kind: 'org', roles: ['ORG_MEMBER'] },
    paged: true,
  },
  streamGroupEvents: {
    method: 'GET',
    path: `${own}/groups/{groupId}/events/stream`,
    versions: [],
    status: 200,
    access: reader,
    stream: true,
  },
  streamOrgEvents: {
    method: 'GET',
    path: `${own}/orgs/{orgId}/events/stream`,
    versions: [],
    status: 200,
    access: { kind: 'org', roles: ['ORG_MEMBER'] },
    stream: true,
  },
} as const satisfies Record<string, Route>
