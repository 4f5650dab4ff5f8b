// The server itself, its edges, and the local cloud. See ../summaries.ts.

import type { Tag } from './tag.ts'

export const serverTags = {
  'Local cloud': {
    description: "The consumer's side of private endpoints on this machine, in each cloud's own words.",
    operations: {
      createLocalAwsVpcEndpoint: 'Create a VPC endpoint on this machine',
      listLocalAwsVpcEndpoints: 'List the VPC endpoints on this machine',
      deleteLocalAwsVpcEndpoint: 'Delete a VPC endpoint on this machine',
      createLocalAzurePrivateEndpoint: 'Create an Azure private endpoint on this machine',
      listLocalAzurePrivateEndpoints: 'List the Azure private endpoints on this machine',
      deleteLocalAzurePrivateEndpoint: 'Delete an Azure private endpoint on this machine',
      createLocalGcpForwardingRule: 'Create forwarding rules of Google Cloud on this machine',
      listLocalGcpForwardingRules: 'List the forwarding rules of Google Cloud on this machine',
      deleteLocalGcpForwardingRule: 'Delete a forwarding rule of Google Cloud on this machine',
    },
  },
  Console: {
    description: 'Sessions of people, and how invitations are accepted.',
    operations: {
      createSession: 'Log in with username and password',
      createSessionLink: 'Make a link that logs a person in once, within ten minutes',
      createSessionByLink: 'Log in with such a link',
      getSession: 'Describe the session of the caller',
      deleteSession: 'Log out',
      changeSessionPassword: 'Set another password of one’s own, which ends the other sessions',
      createInvitationToken: 'Make the token that an invited person accepts with',
      describeInvitation: 'Tell what an invitation is for, before it is accepted',
      acceptInvitation: 'Accept an invitation',
    },
  },
  Edges: {
    description: 'Gateways, DNS servers and forwarders, and what they are to serve.',
    operations: {
      getEdgeSnapshot: 'Get what an edge is to serve, newer than it has',
      createEdgeReport: 'Report what an edge serves',
      getEdgeQuestions: 'Fetch what is asked about the live connections of an edge, or wait until something is',
      createEdgeAnswer: 'Answer a question about live connections',
      createEdgeCertificate: 'Get a certificate for an endpoint that an edge serves',
      listEdges: 'List the edges that are known',
      deleteEdge: 'Forget an edge',
      previewEdgeRemoval: 'Say which private endpoints nothing serves without an edge',
      createEdgeEnrolment: 'Make the one-time token that an edge enrols with',
      enrolEdge: 'Enrol an edge: its token for an identity of its own',
      revokeEdge: 'Revoke the identity of an edge',
      getCertificateAuthority: 'Get the certificate of the authority that signs for endpoints',
    },
  },
  Testing: {
    description:
      'For test suites: faults, time that passes at once, and the way back to the seed. Only there where the server was started for it.',
    operations: {
      listTestingFaults: 'List the faults that are set',
      createTestingFault: 'Set a fault',
      deleteTestingFaults: 'Clear every fault',
      deleteTestingFault: 'Clear a fault',
      advanceTestingClock: 'Let time pass at once, with all that becomes due in it',
      keepTestingSeed: 'Keep what is there now as the seed',
      resetTesting: 'Put everything back to the seed',
      stopTesting: 'Stop the server and what was started with it',
    },
  },
  Server: {
    description: 'The server itself.',
    operations: {
      getSystemStatus: 'Describe the server and the caller',
      getIpInfo: 'Say which address the caller comes from',
      getDefaultMongoDBMajorVersion: 'Say which major version of MongoDB new clusters have',
      getHealth: 'Say whether the server runs',
      getReadiness: 'Say whether the server can answer, its store included',
    },
  },
} as const satisfies Readonly<Record<string, Tag>>
