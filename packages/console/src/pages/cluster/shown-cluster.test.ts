import type { ReplyOf } from '@postern/contract/schemas/operations'
import { expect, test } from 'vitest'
import { shownCluster, shownFlexCluster } from './shown-cluster.ts'

const told: ReplyOf<'getGroupCluster'> = {
  clusterType: 'SHARDED',
  connectionStrings: { standard: 'mongodb://127.0.0.1:1' },
  createDate: '2026-11-30T07:52:19Z',
  groupId: 'g',
  id: 'c',
  links: [],
  mongoDBMajorVersion: '8.0',
  mongoDBVersion: '8.0.4',
  name: 'Shop',
  stateName: 'IDLE',
  terminationProtectionEnabled: true,
}

const config = (providerName: string, regionName: string, nodeCount = 3) => ({
  providerName,
  regionName,
  electableSpecs: { instanceSize: 'M30', nodeCount },
  readOnlySpecs: { instanceSize: 'M30', nodeCount: 1 },
})

test('each provider and region once, in the cluster’s own order; nodes of all shards', () => {
  const replicationSpecs = [
    { regionConfigs: [config('AWS', 'US_EAST_1'), config('AZURE', 'US_EAST_2', 2)] },
    { regionConfigs: [config('AWS', 'US_EAST_1')] },
  ]
  expect(shownCluster({ ...told, replicationSpecs, paused: true })).toMatchObject({
    providers: ['AWS', 'AZURE'],
    regions: ['N. Virginia (us-east-1)', 'Virginia (eastus2)'],
    tier: 'M30',
    nodes: 11,
    shards: 2,
    paused: true,
    type: 'Sharded cluster',
  })
})

test('of a shared tier the cloud behind it, and no count of nodes', () => {
  const tenant = {
    providerName: 'TENANT',
    backingProviderName: 'GCP',
    regionName: 'EASTERN_US',
    electableSpecs: { instanceSize: 'M0' },
  }
  expect(shownCluster({ ...told, replicationSpecs: [{ regionConfigs: [tenant] }] })).toMatchObject({
    providers: ['GCP'],
    tier: 'M0',
    nodes: null,
    paused: false,
  })
})

test('a Flex cluster stands beside the others', () => {
  const flex: ReplyOf<'getGroupFlexCluster'> = {
    clusterType: 'REPLICASET',
    connectionStrings: {},
    createDate: told.createDate,
    groupId: 'g',
    id: 'f',
    mongoDBVersion: '8.0.4',
    name: 'Shop',
    stateName: 'IDLE',
    terminationProtectionEnabled: false,
    backupSettings: { enabled: true },
    providerSettings: { backingProviderName: 'AWS', diskSizeGB: 5, providerName: 'FLEX', regionName: 'US_EAST_1' },
    versionReleaseSystem: 'LTS',
  }
  expect(shownFlexCluster(flex)).toMatchObject({
    flex: true,
    tier: 'FLEX',
    providers: ['AWS'],
    regions: ['N. Virginia (us-east-1)'],
  })
})

test('a registered deployment has no tier', () => {
  expect(
    shownCluster(
      { ...told, replicationSpecs: [{ regionConfigs: [config('AWS', 'US_EAST_1')] }] },
      { hiddenMembersUnknownReason: 'nobody was given who may ask' },
    ),
  ).toMatchObject({
    registered: true,
    hiddenUnknown: 'nobody was given who may ask',
    tier: '',
  })
})
