// Settings of an organization: only what was set is kept, so that a default that changes one day changes for all who
// never chose. Those that act here: how long sessions live (identity/session.ts), whether
// machines need an access list (identity/caller-access.ts), and how long their secrets may live.

import { z } from 'zod'

const stored = z.object({
  apiAccessListRequired: z.boolean().default(false),
  customSessionTimeouts: z
    .object({
      absoluteSessionTimeoutInSeconds: z.number().nullable().optional(),
      idleSessionTimeoutInSeconds: z.number().nullable().optional(),
    })
    .optional(),
  genAIFeaturesEnabled: z.boolean().default(true),
  maxServiceAccountSecretValidityInHours: z.number().nullable().optional(),
  multiFactorAuthRequired: z.boolean().default(false),
  operationsContact: z.string().nullable().default(null),
  restrictEmployeeAccess: z.boolean().default(false),
  securityContact: z.string().nullable().optional(),
  skipDefaultAlertsSettings: z.boolean().default(false),
  streamsCrossGroupEnabled: z.boolean().default(false),
})

export const skipsDefaultAlerts = (settings: unknown): boolean => stored.parse(settings).skipDefaultAlertsSettings

/** True where machines without an access list may not call. */
export const requiresAccessLists = (settings: unknown): boolean => stored.parse(settings).apiAccessListRequired

/** The longest life of a service account's secret, in hours; null: no limit of its own. */
export const maxSecretHours = (settings: unknown): number | null =>
  stored.parse(settings).maxServiceAccountSecretValidityInHours ?? null

/** As GET …/settings shows them: what has no default and was not set is left out. */
export const settingsView = (settings: unknown) => {
  const { skipDefaultAlertsSettings: _, ...all } = stored.parse(settings)
  const { customSessionTimeouts, maxServiceAccountSecretValidityInHours, securityContact, ...rest } = all
  const timeouts = Object.entries(customSessionTimeouts ?? {}).filter(([, seconds]) => typeof seconds === 'number')
  return {
    ...rest,
    ...(timeouts.length > 0 && { customSessionTimeouts: Object.fromEntries(timeouts) }),
    ...(typeof maxServiceAccountSecretValidityInHours === 'number' && { maxServiceAccountSecretValidityInHours }),
    ...(securityContact && { securityContact }),
  }
}

/** The settings after a PATCH: what the body does not name stays, one level deep too. */
export const changedSettings = (settings: unknown, change: Readonly<Record<string, unknown>>): string => {
  const before = z.record(z.string(), z.unknown()).parse(settings)
  const after = { ...before, ...change }
  const timeouts = change.customSessionTimeouts
  if (timeouts) after.customSessionTimeouts = { ...(before.customSessionTimeouts ?? {}), ...timeouts }
  return JSON.stringify(after)
}
