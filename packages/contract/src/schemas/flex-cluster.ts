// Flex clusters: a name, a cloud and a region; the rest is Atlas's to say. Fields that only the server sets are accepted
// and ignored, because clients send back what they read.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { pageOf } from './paging.ts'

const readOnly = z.unknown().optional()
const keyValues = z.array(z.strictObject({ key: z.string().min(1).max(255), value: z.string().min(1).max(255) }))

const setByServer = {
  backupSettings: readOnly,
  clusterType: readOnly,
  connectionStrings: readOnly,
  createDate: readOnly,
  groupId: readOnly,
  id: readOnly,
  links: readOnly,
  mongoDBVersion: readOnly,
  stateName: readOnly,
  versionReleaseSystem: readOnly,
}

const reply = z.object({
  backupSettings: z.object({ enabled: z.boolean() }),
  clusterType: z.literal('REPLICASET'),
  connectionStrings: z.object({ standard: z.string().optional(), standardSrv: z.string().optional() }),
  createDate: z.string(),
  groupId: z.string(),
  id: z.string(),
  mongoDBVersion: z.string(),
  name: z.string(),
  providerSettings: z.object({
    backingProviderName: z.enum(cloudProviders),
    diskSizeGB: z.number(),
    providerName: z.literal('FLEX'),
    regionName: z.string(),
  }),
  stateName: z.enum(['CREATING', 'IDLE', 'UPDATING', 'REPAIRING', 'DELETING']),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  terminationProtectionEnabled: z.boolean(),
  versionReleaseSystem: z.string(),
})

export const flexClusterSchemas = {
  listGroupFlexClusters: { reply: pageOf(reply) },
  createGroupFlexCluster: {
    body: z.strictObject({
      ...setByServer,
      name: z.string(),
      providerSettings: z.strictObject({
        backingProviderName: z.string(),
        regionName: z.string(),
        diskSizeGB: readOnly,
        providerName: readOnly,
      }),
      tags: keyValues.optional(),
      terminationProtectionEnabled: z.boolean().default(false),
    }),
    reply,
  },
  getGroupFlexCluster: { reply },
  updateGroupFlexCluster: {
    body: z.strictObject({
      ...setByServer,
      name: readOnly,
      providerSettings: readOnly,
      tags: keyValues.optional(),
      terminationProtectionEnabled: z.boolean().optional(),
    }),
    reply,
  },
  deleteGroupFlexCluster: {},
} as const

export type FlexClusterReply = z.output<typeof reply>
