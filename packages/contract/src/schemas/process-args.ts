// Arguments of a cluster's processes ("advanced settings"): a change names what it changes, an answer shows all.

import { z } from 'zod'

const seconds = z.int().min(-1).max(2_147_483_647)
const count = z.int().min(0).max(2_147_483_647)

/** The suites that a cluster may be bound to, by the version of TLS. */
export const ciphersTls12 = z.array(
  z.enum(['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256']),
)
const tls13 = z.enum([
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_CCM_SHA256',
])
export const ciphersTls13 = z.array(tls13).max(4)

const args = {
  changeStreamOptionsPreAndPostImagesExpireAfterSeconds: seconds.nullish(),
  chunkMigrationConcurrency: count.nullish(),
  customOpensslCipherConfigTls12: ciphersTls12.nullish(),
  customOpensslCipherConfigTls13: ciphersTls13.nullish(),
  defaultMaxTimeMS: count.nullish(),
  defaultReadConcern: z.enum(['local', 'available']).nullish(),
  defaultWriteConcern: z.string().max(100).nullish(),
  failIndexKeyTooLong: z.boolean().nullish(),
  javascriptEnabled: z.boolean().nullish(),
  minimumEnabledTlsProtocol: z.enum(['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3']).nullish(),
  noTableScan: z.boolean().nullish(),
  oplogMinRetentionHours: z.number().min(0).nullish(),
  oplogSizeMB: count.nullish(),
  queryStatsLogVerbosity: count.nullish(),
  sampleRefreshIntervalBIConnector: count.nullish(),
  sampleSizeBIConnector: count.nullish(),
  tlsCipherConfigMode: z.enum(['CUSTOM', 'DEFAULT']).nullish(),
  transactionLifetimeLimitSeconds: z.int().min(1).nullish(),
}

const reply = z.looseObject({
  defaultWriteConcern: z.string().nullable(),
  javascriptEnabled: z.boolean().nullable(),
  minimumEnabledTlsProtocol: z.string(),
  noTableScan: z.boolean().nullable(),
})

const body = z.strictObject(args)

export const processArgsSchemas = {
  getGroupClusterProcessArgs: { reply },
  updateGroupClusterProcessArgs: { body, reply },
} as const

export type ProcessArgs = z.output<typeof body>
