import { expect, test } from 'vitest'
import { type Deletion, whatIsCut } from './deletion.ts'

const nothing: Deletion = {
  possible: true,
  blockers: [],
  connections: 0,
  clusters: [],
  appNames: [],
  unansweredEdges: [],
  connectionStrings: [],
  endpointIds: [],
  endpointServiceGoes: true,
  undoMinutes: 0,
}
const used: Deletion = {
  ...nothing,
  connections: 3,
  clusters: [{ clusterName: 'Cluster0', connections: 3 }],
  appNames: [
    { appName: 'shop', connections: 2 },
    { appName: null, connections: 1 },
  ],
  connectionStrings: [
    {
      clusterName: 'Cluster0',
      endpointId: 'vpce-1',
      standard: 'mongodb://x',
      srv: 'mongodb+srv://cluster0-pl-0.ab1cd.mongodb.net',
    },
  ],
  endpointIds: ['vpce-1'],
  undoMinutes: 1440,
}

test.each([
  {
    says: 'a service that nobody uses',
    deletion: nothing,
    lines: [
      'Nobody is connected through it at the moment.',
      'No private connection string depends on it.',
      'The endpoint service goes.',
      'It cannot be taken back.',
    ],
  },
  {
    says: 'the last endpoint, in use',
    deletion: used,
    lines: [
      '3 live connections are cut to Cluster0, of shop.',
      'The private connection string of Cluster0 stops working: mongodb+srv://cluster0-pl-0.ab1cd.mongodb.net',
      'The endpoint service goes with it.',
      'It can be taken back for 24 hours.',
    ],
  },
  {
    says: 'one of several, with a gateway that is silent',
    deletion: {
      ...used,
      connections: 1,
      appNames: [],
      connectionStrings: [],
      endpointServiceGoes: false,
      unansweredEdges: ['edge-2'],
      undoMinutes: 1,
    },
    lines: [
      '1 live connection is cut to Cluster0.',
      'Gateway edge-2 did not answer; its connections are not counted.',
      'No private connection string depends on it.',
      'The endpoint service stays.',
      'It can be taken back for 1 minute.',
    ],
  },
])('$says', ({ deletion, lines }) => {
  expect(whatIsCut(deletion)).toEqual(lines)
})
