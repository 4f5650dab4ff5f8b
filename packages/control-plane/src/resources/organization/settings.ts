// Settings of an organization: only what was set is kept, so that a default that changes one day changes for all who
// never chose. Two of them act here: how long sessions live (identity/session.ts), and alerts that Postern has none of.

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
