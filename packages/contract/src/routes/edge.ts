// Operations between the control plane and its edges: what each is to serve, what it says back, its certificates. Part
// of the one table in ../routes.ts.

import type { Route } from './route.ts'

const own = '/api/postern/v1'
const anyone = { kind: 'public' } as const
const actor = { kind: 'authenticated' } as const
const edge = { kind: 'edge' } as const

export const edgeRoutes = {
  getEdgeSnapshot: {
    method: 'GET',
    path: `${own}/edges/{edge}/snapshots/{feed}`,
    versions: [],
    status: 200,
    access: edge,
  },
  createEdgeReport: {
    method: 'POST',
    path: `${own}/edges/{edge}/reports/{feed}`,
    versions: [],
    status: 204,
    access: edge,
  },
  getEdgeQuestions: { method: 'GET', path: `${own}/edges/{edge}/questions`, versions: [], status: 200, access: edge },
  createEdgeAnswer: {
    method: 'POST',
    path: `${own}/edges/{edge}/questions/{questionId}/answer`,
    versions: [],
    status: 204,
    access: edge,
  },
  createEdgeCertificate: {
    method: 'POST',
    path: `${own}/edges/{edge}/certificates`,
    versions: [],
    status: 201,
    access: edge,
  },
  listEdges: { method: 'GET', path: `${own}/edges`, versions: [], status: 200, access: actor },
  deleteEdge: {
    method: 'DELETE',
    path: `${own}/edges/{edge}`,
    versions: [],
    status: 204,
    access: { kind: 'anyOrg', roles: ['ORG_OWNER'] },
  },
  previewEdgeRemoval: {
    method: 'GET',
    path: `${own}/edges/{edge}/removal`,
    versions: [],
    status: 200,
    access: { kind: 'anyOrg', roles: ['ORG_OWNER'] },
  },
  createEdgeEnrolment: {
    method: 'POST',
    path: `${own}/edges/{edge}/enrolment`,
    versions: [],
    status: 201,
    access: { kind: 'anyOrg', roles: ['ORG_OWNER'] },
  },
  /** Public, since an edge proves itself by the token in the body until it has an identity. */
  enrolEdge: { method: 'POST', path: `${own}/edges/{edge}/identity`, versions: [], status: 201, access: anyone },
  revokeEdge: {
    method: 'DELETE',
    path: `${own}/edges/{edge}/identity`,
    versions: [],
    status: 204,
    access: { kind: 'anyOrg', roles: ['ORG_OWNER'] },
  },
  /** Public, since whoever is to trust it has no key yet; a certificate is no secret. */
  getCertificateAuthority: { method: 'GET', path: `${own}/ca`, versions: [], status: 200, access: anyone },
} as const satisfies Record<string, Route>
