// What an edge that enrolled proves itself by, and what it is sent. One that did not shows the token that all such edges
// share, and is sent everything: the way of a single machine, where `postern up` starts both ends.

import type { edgeProofs } from '@postern/contract/schemas/edge'
import { type Feed, feeds } from '@postern/contract/snapshot'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../store/tables.ts'
import { sameHash } from './secret-hash.ts'

export type EdgeProof = (typeof edgeProofs)[number]

/** What an edge is sent. Null: every organization, and of those every group. */
export interface EdgeServes {
  readonly programs: readonly Feed[]
  readonly orgIds: readonly string[] | null
  readonly groupIds: readonly string[] | null
}

export interface EdgeIdentity {
  readonly edge: string
  readonly proof: EdgeProof
  readonly keyHash: string
  readonly credentialHash: string
  readonly tokenHash: string
  readonly serves: EdgeServes
  readonly ownerOrgIds: readonly string[]
  readonly enrolled: Date
  readonly revoked: Date | null
}

export const everything: EdgeServes = { programs: feeds, orgIds: null, groupIds: null }

export const servesGroup = (
  { orgIds, groupIds }: EdgeServes,
  group: { readonly id: string; readonly orgId: string },
): boolean => (orgIds === null || orgIds.includes(group.orgId)) && (groupIds === null || groupIds.includes(group.id))

/** In a query over edges left-joined with edge_identity: as servesGroup, and one that never enrolled serves everything. */
export const isServing = (group: { readonly id: string; readonly orgId: string }) =>
  sql<boolean>`(org_ids is null or org_ids ? ${group.orgId}) and (group_ids is null or group_ids ? ${group.id})`

const ids = z.array(z.string())
const programs = z.array(z.enum(feeds))

/** Of an identity's row, or of a token's. */
export const parseServes = (row: {
  readonly programs: unknown
  readonly org_ids: unknown
  readonly group_ids: unknown
}): EdgeServes => ({
  programs: programs.parse(row.programs),
  orgIds: ids.nullable().parse(row.org_ids),
  groupIds: ids.nullable().parse(row.group_ids),
})

export const parseOwners = (value: unknown): readonly string[] => ids.parse(value)

const parseIdentity = (row: Selectable<Tables['edge_identity']>): EdgeIdentity => ({
  edge: row.edge,
  proof: row.proof === 'CERTIFICATE' ? 'CERTIFICATE' : 'CREDENTIAL',
  keyHash: row.key_hash,
  credentialHash: row.credential_hash,
  tokenHash: row.token_hash,
  serves: parseServes(row),
  ownerOrgIds: parseOwners(row.owner_org_ids),
  enrolled: row.enrolled,
  revoked: row.revoked,
})

/** Null: an edge of this name never enrolled. */
export const loadEdgeIdentity = async (db: Kysely<Tables>, edge: string): Promise<EdgeIdentity | null> => {
  const row = await db.selectFrom('edge_identity').selectAll().where('edge', '=', edge).executeTakeFirst()
  return row === undefined ? null : parseIdentity(row)
}

/** SHA-256 of what this edge shows. */
export const proofHash = ({ proof, keyHash, credentialHash }: EdgeIdentity): string =>
  proof === 'CERTIFICATE' ? keyHash : credentialHash

/** What proved it so far proves nothing any more, and is told so from now on. */
export const endProof = async (tx: Transaction<Tables>, identity: EdgeIdentity, ended: Date): Promise<void> => {
  const row = { edge: identity.edge, hash: proofHash(identity), ended }
  await tx
    .insertInto('edge_former_proof')
    .values(row)
    .onConflict((conflict) => conflict.columns(['edge', 'hash']).doUpdateSet(row))
    .execute()
}

/** When one of these hashes ceased to prove an edge of this name; null: it never did, or does now. */
export const proofEnded = async (
  db: Kysely<Tables>,
  edge: string,
  hashes: readonly (string | null)[],
): Promise<Date | null> => {
  const former = await db.selectFrom('edge_former_proof').selectAll().where('edge', '=', edge).execute()
  return former.find(({ hash }) => hashes.some((shown) => shown !== null && sameHash(shown, hash)))?.ended ?? null
}

export const loadEdgeIdentities = async (db: Kysely<Tables>): Promise<ReadonlyMap<string, EdgeIdentity>> => {
  const rows = await db.selectFrom('edge_identity').selectAll().orderBy('edge').execute()
  return new Map(rows.map((row) => [row.edge, parseIdentity(row)]))
}
