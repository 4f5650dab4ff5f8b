// What remember.ts left, parsed once where it is read. Columns that came with a later version have their defaults.

import { isCloudProvider } from '@postern/contract/cloud'
import { labels } from '@postern/contract/schemas/labels'
import { endpointLimits, endpointPolicy } from '@postern/contract/schemas/private-endpoint'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../../store/tables.ts'

const date = z.coerce.date()

const serviceContent = z.object({
  row: z.object({
    id: z.string(),
    group_id: z.string(),
    provider: z.string().refine(isCloudProvider),
    region: z.string(),
    port_mapping: z.boolean(),
    names: z.unknown(),
    supported_remote_regions: z.unknown(),
    next_slot: z.number(),
    labels,
    description: z.string(),
    created: date,
    revision: z.number(),
  }),
  ports: z.array(
    z.object({
      member_id: z.string(),
      cluster_id: z.string().nullable().default(null),
      slot: z.number(),
      service_port: z.number(),
      gateway_port: z.number(),
    }),
  ),
})

const endpointContent = z.object({
  row: z.object({
    id: z.string(),
    service_id: z.string(),
    group_id: z.string(),
    provider: z.string().refine(isCloudProvider),
    cloud_id: z.string(),
    request: z.unknown(),
    name_index: z.number().nullable(),
    was_available: z.boolean(),
    labels,
    limits: endpointLimits.nullable().default(null),
    policy: endpointPolicy.partial().nullable().default(null),
    description: z.string(),
    created: date,
    revision: z.number(),
  }),
})

export type LeftService = z.output<typeof serviceContent>
export type LeftEndpoint = z.output<typeof endpointContent>
export type TerminationRow = Selectable<Tables['termination']>

/** Throws ZodError on what this program never wrote. */
export const parseLeftService = ({ content }: Pick<TerminationRow, 'content'>): LeftService =>
  serviceContent.parse(content)

/** Throws ZodError on what this program never wrote. */
export const parseLeftEndpoint = ({ content }: Pick<TerminationRow, 'content'>): LeftEndpoint =>
  endpointContent.parse(content)
