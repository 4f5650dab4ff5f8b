// What a cluster's processes are started with, as far as Atlas lets one say. Kept and answered; null is Atlas's word for
// "not set". TLS settings stand in `advancedConfiguration` of the description and are shown in both places.

import type { ProcessArgs } from '@postern/contract/schemas/process-args'
import { z } from 'zod'

export const processArgsSchema = z.object({
  changeStreamOptionsPreAndPostImagesExpireAfterSeconds: z.number().nullable(),
  chunkMigrationConcurrency: z.number().nullable(),
  defaultMaxTimeMS: z.number().nullable(),
  defaultReadConcern: z.string().nullable(),
  defaultWriteConcern: z.string().nullable(),
  failIndexKeyTooLong: z.boolean().nullable(),
  javascriptEnabled: z.boolean().nullable(),
  noTableScan: z.boolean().nullable(),
  oplogMinRetentionHours: z.number().nullable(),
  oplogSizeMB: z.number().nullable(),
  queryStatsLogVerbosity: z.number().nullable(),
  sampleRefreshIntervalBIConnector: z.number().nullable(),
  sampleSizeBIConnector: z.number().nullable(),
  transactionLifetimeLimitSeconds: z.number().nullable(),
})

type KeptArgs = z.output<typeof processArgsSchema>

/** Of a cluster for which nobody has said anything. */
export const noProcessArgs: KeptArgs = {
  changeStreamOptionsPreAndPostImagesExpireAfterSeconds: null,
  chunkMigrationConcurrency: null,
  defaultMaxTimeMS: null,
  defaultReadConcern: null,
  defaultWriteConcern: 'majority',
  failIndexKeyTooLong: null,
  javascriptEnabled: true,
  noTableScan: false,
  oplogMinRetentionHours: null,
  oplogSizeMB: null,
  queryStatsLogVerbosity: null,
  sampleRefreshIntervalBIConnector: null,
  sampleSizeBIConnector: null,
  transactionLifetimeLimitSeconds: null,
}

interface TlsSettings {
  readonly customOpensslCipherConfigTls12: string[]
  readonly customOpensslCipherConfigTls13: string[]
  readonly minimumEnabledTlsProtocol: string
  readonly tlsCipherConfigMode: string
}

interface Settings {
  readonly processArgs: KeptArgs
  readonly advancedConfiguration: TlsSettings
}

/** Two arguments that Atlas dropped in this version. */
const droppedSince = '2024-08-05'

/** The arguments in `version`'s dialect, keys in the recorded order. Pure. */
export const processArgsView = ({ processArgs: args, advancedConfiguration: tls }: Settings, version: string) => ({
  changeStreamOptionsPreAndPostImagesExpireAfterSeconds: args.changeStreamOptionsPreAndPostImagesExpireAfterSeconds,
  chunkMigrationConcurrency: args.chunkMigrationConcurrency,
  customOpensslCipherConfigTls12: tls.customOpensslCipherConfigTls12,
  customOpensslCipherConfigTls13: tls.customOpensslCipherConfigTls13,
  defaultMaxTimeMS: args.defaultMaxTimeMS,
  ...(version < droppedSince && { defaultReadConcern: args.defaultReadConcern }),
  defaultWriteConcern: args.defaultWriteConcern,
  ...(version < droppedSince && { failIndexKeyTooLong: args.failIndexKeyTooLong }),
  javascriptEnabled: args.javascriptEnabled,
  minimumEnabledTlsProtocol: tls.minimumEnabledTlsProtocol,
  noTableScan: args.noTableScan,
  oplogMinRetentionHours: args.oplogMinRetentionHours,
  oplogSizeMB: args.oplogSizeMB,
  queryStatsLogVerbosity: args.queryStatsLogVerbosity,
  sampleRefreshIntervalBIConnector: args.sampleRefreshIntervalBIConnector,
  sampleSizeBIConnector: args.sampleSizeBIConnector,
  tlsCipherConfigMode: tls.tlsCipherConfigMode,
  transactionLifetimeLimitSeconds: args.transactionLifetimeLimitSeconds,
})

/** The settings after a change: what it leaves out stays, null puts an argument back to what it was at first. Pure. */
export const changedSettings = ({ processArgs, advancedConfiguration }: Settings, change: ProcessArgs): Settings => ({
  processArgs: processArgsSchema.parse(
    Object.fromEntries(
      Object.entries(processArgs).map(([name, kept]) => {
        const said: unknown = Reflect.get(change, name)
        return [name, said === undefined ? kept : (said ?? Reflect.get(noProcessArgs, name))]
      }),
    ),
  ),
  advancedConfiguration: changedTls(advancedConfiguration, change),
})

/** The same for the TLS settings alone, which a cluster's description may carry too. Pure. */
export const changedTls = (
  kept: TlsSettings,
  change: { readonly [Name in keyof TlsSettings]?: TlsSettings[Name] | null | undefined },
): TlsSettings => ({
  customOpensslCipherConfigTls12: change.customOpensslCipherConfigTls12 ?? kept.customOpensslCipherConfigTls12,
  customOpensslCipherConfigTls13: change.customOpensslCipherConfigTls13 ?? kept.customOpensslCipherConfigTls13,
  minimumEnabledTlsProtocol: change.minimumEnabledTlsProtocol ?? kept.minimumEnabledTlsProtocol,
  tlsCipherConfigMode: change.tlsCipherConfigMode ?? kept.tlsCipherConfigMode,
})
