// A group's IP access list, network containers and small switches.

import { z } from 'zod'
import { link, pageOf } from './paging.ts'

const accessEntry = z.object({
  awsSecurityGroup: z.string().optional(),
  cidrBlock: z.string().optional(),
  comment: z.string(),
  deleteAfterDate: z.string().optional(),
  groupId: z.string(),
  ipAddress: z.string().optional(),
  links: z.array(link),
})

const accessEntryBody = z.object({
  awsSecurityGroup: z
    .string()
    .regex(/^(\d+\/)?sg-[0-9a-f]+$/, 'must be a security group such as sg-0123456789abcdef0')
    .nullish(),
  cidrBlock: z.string().nullish(),
  comment: z.string().max(80).nullish(),
  deleteAfterDate: z.iso.datetime({ offset: true, local: false }).nullish(),
  ipAddress: z.string().nullish(),
})

const container = z.object({
  atlasCidrBlock: z.string(),
  id: z.string(),
  providerName: z.string(),
  provisioned: z.boolean(),
  region: z.string().optional(),
  regionName: z.string().optional(),
  regions: z.array(z.string()).optional(),
})

const containerBody = z.object({
  atlasCidrBlock: z.string().optional(),
  providerName: z.enum(['AWS', 'AZURE', 'GCP']).default('AWS'),
  region: z.string().optional(),
  regionName: z.string().optional(),
  regions: z.array(z.string()).optional(),
})

const enabled = z.object({ enabled: z.boolean() })
const addresses = z.array(z.string())

export const groupNetworkSchemas = {
  listGroupAccessListEntries: { reply: pageOf(accessEntry) },
  createGroupAccessListEntry: {
    body: z.array(accessEntryBody).min(1, 'must hold at least one entry'),
    reply: pageOf(accessEntry),
  },
  getGroupAccessListEntry: { reply: accessEntry },
  getGroupAccessListStatus: { reply: z.object({ STATUS: z.enum(['PENDING', 'FAILED', 'ACTIVE']) }) },
  listGroupContainers: {
    query: z.object({ providerName: z.enum(['AWS', 'AZURE', 'GCP']).default('AWS') }),
    reply: pageOf(container),
  },
  listGroupContainerAll: { reply: pageOf(container) },
  createGroupContainer: { body: containerBody, reply: container },
  getGroupContainer: { reply: container },
  updateGroupContainer: { body: containerBody, reply: container },
  getGroupAwsCustomDns: { reply: enabled },
  toggleGroupAwsCustomDns: { body: enabled, reply: enabled },
  getGroupManagedSlowMs: { reply: z.boolean() },
  getGroupIpAddresses: {
    reply: z.object({
      groupId: z.string(),
      services: z.object({
        clusters: z.array(
          z.object({
            clusterName: z.string(),
            futureInbound: addresses,
            futureOutbound: addresses,
            inbound: addresses,
            outbound: addresses,
          }),
        ),
      }),
    }),
  },
} as const
