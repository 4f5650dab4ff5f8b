// Operations on the local cloud: the consumer's side of a private endpoint, made on this machine. Part of the one table
// in ../routes.ts.

import type { Route } from './route.ts'

const own = '/api/postern/v1'
const local = { kind: 'local' } as const

export const localCloudRoutes = {
  createLocalAwsVpcEndpoint: {
    method: 'POST',
    path: `${own}/local/aws/vpcEndpoints`,
    versions: [],
    status: 201,
    access: local,
  },
  listLocalAwsVpcEndpoints: {
    method: 'GET',
    path: `${own}/local/aws/vpcEndpoints`,
    versions: [],
    status: 200,
    access: local,
  },
  deleteLocalAwsVpcEndpoint: {
    method: 'DELETE',
    path: `${own}/local/aws/vpcEndpoints/{vpcEndpointId}`,
    versions: [],
    status: 204,
    access: local,
  },
  createLocalAzurePrivateEndpoint: {
    method: 'POST',
    path: `${own}/local/azure/privateEndpoints`,
    versions: [],
    status: 201,
    access: local,
  },
  listLocalAzurePrivateEndpoints: {
    method: 'GET',
    path: `${own}/local/azure/privateEndpoints`,
    versions: [],
    status: 200,
    access: local,
  },
  deleteLocalAzurePrivateEndpoint: {
    method: 'DELETE',
    path: `${own}/local/azure/privateEndpoints/{privateEndpointId}`,
    versions: [],
    status: 204,
    access: local,
  },
  createLocalGcpForwardingRule: {
    method: 'POST',
    path: `${own}/local/gcp/forwardingRules`,
    versions: [],
    status: 201,
    access: local,
  },
  listLocalGcpForwardingRules: {
    method: 'GET',
    path: `${own}/local/gcp/forwardingRules`,
    versions: [],
    status: 200,
    access: local,
  },
  deleteLocalGcpForwardingRule: {
    method: 'DELETE',
    path: `${own}/local/gcp/forwardingRules/{project}/{region}/{forwardingRuleName}`,
    versions: [],
    status: 204,
    access: local,
  },
} as const satisfies Record<string, Route>
