// Every migration in order, and how they are carried out. A migration is plain SQL text, one statement each (PGlite
// takes one at a time), so that the hash over all of them is the same from source and from a bundle: it names the
// database template that fits. A migration that was released is never edited; the next one is appended.

import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { tables } from './migrations/0001-tables.ts'
import { certificateAuthority } from './migrations/0002-certificate-authority.ts'
import { people } from './migrations/0003-people.ts'
import { machineAccounts } from './migrations/0004-machine-accounts.ts'
import { nextSlot } from './migrations/0005-next-slot.ts'
import { eventOrder } from './migrations/0006-event-order.ts'
import { databaseAccess } from './migrations/0007-database-access.ts'
import { snapshotSchema } from './migrations/0008-snapshot-schema.ts'
import { lastPlace } from './migrations/0009-last-place.ts'
import { fidelity } from './migrations/0010-fidelity.ts'
import { webhooks } from './migrations/0011-webhooks.ts'
import { labelsAndUndo } from './migrations/0012-labels-and-undo.ts'
import { edgeQuestions } from './migrations/0013-edge-questions.ts'
import { failedAttempts } from './migrations/0014-failed-attempts.ts'
import { endpointLimits } from './migrations/0015-endpoint-limits.ts'
import { snapshotText } from './migrations/0016-snapshot-text.ts'
import { endpointIndexes } from './migrations/0017-endpoint-indexes.ts'
import { sessionLinks } from './migrations/0018-session-links.ts'
import { traffic } from './migrations/0019-traffic.ts'
import { seedMark } from './migrations/0020-seed-mark.ts'
import { dnsAddress } from './migrations/0022-dns-address.ts'
import { endpointPolicy } from './migrations/0023-endpoint-policy.ts'
import { edgeIdentities } from './migrations/0024-edge-identities.ts'
import { edgesApart } from './migrations/0025-edges-apart.ts'
import { snapshotChange } from './migrations/0026-snapshot-change.ts'
import { privateOnly } from './migrations/0027-private-only.ts'
import { balancedPlaces } from './migrations/0029-balanced-places.ts'
import { standardListeners } from './migrations/0030-standard-listeners.ts'
import { edgeVersion } from './migrations/0031-edge-version.ts'
import { hiddenUnknown } from './migrations/0032-hidden-unknown.ts'
import { listenerPolicy } from './migrations/0033-listener-policy.ts'
import { listenerTraffic } from './migrations/0034-listener-traffic.ts'
import { madeThere } from './migrations/0035-made-there.ts'
import { edgeFormerProofs } from './migrations/0036-edge-former-proofs.ts'
import { edgeListsHash } from './migrations/0037-edge-lists-hash.ts'

export interface Migration {
  /** Sorts after all earlier names. */
  readonly name: string
  readonly statements: readonly string[]
}

const migrations: readonly Migration[] = [
  tables,
  certificateAuthority,
  people,
  machineAccounts,
  nextSlot,
  eventOrder,
  databaseAccess,
  snapshotSchema,
  lastPlace,
  fidelity,
  webhooks,
  labelsAndUndo,
  edgeQuestions,
  failedAttempts,
  endpointLimits,
  snapshotText,
  endpointIndexes,
  sessionLinks,
  traffic,
  seedMark,
  dnsAddress,
  endpointPolicy,
  edgeIdentities,
  edgesApart,
  snapshotChange,
  privateOnly,
  balancedPlaces,
  standardListeners,
  edgeVersion,
  hiddenUnknown,
  listenerPolicy,
  listenerTraffic,
  madeThere,
  edgeFormerProofs,
  edgeListsHash,
]

/** 16 hex digits that change whenever any migration does. */
export const migrationsHash: string = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16)

/**
 * Brings a database to the newest migration; does nothing where it is there already. Several processes may call it at
 * once (advisory lock). Rejects with the database's own error, and when the database is newer than this program.
 */
export const migrate = async (db: Kysely<unknown>): Promise<void> => {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          migrations.map(({ name, statements }) => [
            name,
            {
              up: async (tx: Kysely<unknown>) => {
                for (const statement of statements) await sql.raw(statement).execute(tx)
              },
            },
          ]),
        ),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
