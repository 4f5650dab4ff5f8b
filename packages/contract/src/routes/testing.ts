// Operations for test suites: only there where the server was started for them (POSTERN_TESTING), else 404 as for any
// unknown path. Part of the one table in ../routes.ts.

import type { Route } from './route.ts'

const testing = '/api/postern/v1/testing'
const owner = { kind: 'anyOrg', roles: ['ORG_OWNER'] } as const

export const testingRoutes = {
  listTestingFaults: { method: 'GET', path: `${testing}/faults`, versions: [], status: 200, access: owner },
  createTestingFault: { method: 'POST', path: `${testing}/faults`, versions: [], status: 201, access: owner },
  deleteTestingFaults: { method: 'DELETE', path: `${testing}/faults`, versions: [], status: 204, access: owner },
  deleteTestingFault: {
    method: 'DELETE',
    path: `${testing}/faults/{faultId}`,
    versions: [],
    status: 204,
    access: owner,
  },
  advanceTestingClock: { method: 'POST', path: `${testing}:advance`, versions: [], status: 200, access: owner },
  keepTestingSeed: { method: 'POST', path: `${testing}:keepSeed`, versions: [], status: 204, access: owner },
  resetTesting: { method: 'POST', path: `${testing}:reset`, versions: [], status: 204, access: owner },
  stopTesting: { method: 'POST', path: `${testing}:stop`, versions: [], status: 202, access: owner },
} as const satisfies Record<string, Route>
