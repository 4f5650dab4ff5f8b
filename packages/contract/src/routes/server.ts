// Operations on the server itself: tokens, and what clients ask beside the API. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const v20230101 = ['2023-01-01'] as const
const anyone = { kind: 'public' } as const
const actor = { kind: 'authenticated' } as const

export const serverRoutes = {
  createToken: { method: 'POST', path: '/api/oauth/token', versions: [], status: 200, access: anyone, form: true },
  revokeToken: { method: 'POST', path: '/api/oauth/revoke', versions: [], status: 200, access: anyone, form: true },
  getDefaultMongoDBMajorVersion: {
    method: 'GET',
    path: '/api/private/unauth/nds/defaultMongoDBMajorVersion',
    versions: [],
    status: 200,
    access: anyone,
    text: true,
  },
  getIpInfo: { method: 'GET', path: '/api/private/ipinfo', versions: [], status: 200, access: actor },
  getSystemStatus: { method: 'GET', path: v2, versions: v20230101, status: 200, access: actor, v1: true },
  getHealth: { method: 'GET', path: '/healthz', versions: [], status: 200, access: anyone },
  getReadiness: { method: 'GET', path: '/readyz', versions: [], status: 200, access: anyone },
} as const satisfies Record<string, Route>
