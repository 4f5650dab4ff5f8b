// Groups (projects).

import { z } from 'zod'
import { link, pageOf } from './paging.ts'
import { objectId } from './role.ts'

/** The contract's pattern, and the space that recorded names have. */
const name = z
  .string()
  .regex(/^[\p{L}\p{N} \-_.(),:&@+']{1,64}$/u, "must be 1 to 64 letters, digits, spaces or -_.(),:&@+'")
  .refine((text) => text.trim() !== '', 'must not be blank')
const hash = z.string().regex(/^[a-z0-9]{5,6}$/, 'must be five or six lower-case letters and digits')
/** Atlas's settings of a group, with what each is until somebody changes it (recorded). */
export const groupSettingDefaults = {
  isAtlasHomePageAiAssistantEnabled: true,
  isClusterAiAssistantEnabled: true,
  isCollectDatabaseSpecificsStatisticsEnabled: true,
  isDataExplorerEnabled: true,
  isDataExplorerGenAIFeaturesEnabled: true,
  isDataExplorerGenAISampleDocumentPassingEnabled: false,
  isDataValidationEnabled: true,
  isExtendedStorageSizesEnabled: false,
  isNativeRerankingEnabled: false,
  isPerformanceAdvisorEnabled: true,
  isRealtimePerformancePanelEnabled: true,
  isSchemaAdvisorEnabled: true,
} as const
type GroupSetting = keyof typeof groupSettingDefaults
const groupSettings = z.object(
  Object.fromEntries(Object.keys(groupSettingDefaults).map((name) => [name, z.boolean()])) as Record<
    GroupSetting,
    z.ZodBoolean
  >,
)

const tag = z.object({ key: z.string().min(1).max(255), value: z.string().min(1).max(255) })

export const groupReply = z.object({
  clusterCount: z.number().int(),
  created: z.string(),
  id: z.string(),
  links: z.array(link),
  name: z.string(),
  orgId: z.string(),
  /** Left out of the answer to a POST that gave none (recorded). */
  tags: z.array(tag).optional(),
  withDefaultAlertsSettings: z.boolean(),
})

export const groupSchemas = {
  listGroups: { reply: pageOf(groupReply) },
  createGroup: {
    /** The official CLI sends it empty. */
    query: z.object({ projectOwnerId: z.union([z.literal(''), objectId]).optional() }),
    body: z.object({
      name,
      orgId: objectId,
      tags: z.array(tag).max(50).optional(),
      withDefaultAlertsSettings: z.boolean().default(true),
    }),
    reply: groupReply,
  },
  createOrgGroup: {
    body: z.strictObject({
      name,
      tags: z.array(tag).max(50).optional(),
      withDefaultAlertsSettings: z.boolean().default(true),
      /** Made by the server where it is left out. */
      id: objectId.optional(),
      /** The label that its host names share; made by the server where it is left out. */
      hash: hash.optional(),
    }),
    reply: groupReply.extend({ hash: z.string() }),
  },
  getGroupHash: { reply: z.object({ hash: z.string() }) },
  getGroup: { reply: groupReply },
  getGroupByName: { reply: groupReply },
  updateGroup: {
    body: z.object({
      name: name.optional(),
      tags: z.array(tag).max(50).optional(),
      withDefaultAlertsSettings: z.boolean().optional(),
    }),
    reply: groupReply,
  },
  getGroupSettings: { reply: groupSettings },
  updateGroupSettings: { body: groupSettings.partial(), reply: groupSettings },
  deleteGroup: { reply: z.object({}) },
} as const
