// An edge's identity: a token that an owner makes, which an edge exchanges once for an identity of its own; and the end of
// one. The token is nowhere but in the answer that makes it; the store has its SHA-256.

import { AtlasError } from '@postern/contract/errors'
import { feeds } from '@postern/contract/snapshot'
import type { Transaction } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import {
  type EdgeIdentity,
  type EdgeServes,
  endProof,
  loadEdgeIdentity,
  parseOwners,
  parseServes,
} from '../../identity/edge-identity.ts'
import { sameHash, secretHash } from '../../identity/secret-hash.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { loadAuthority, signingKey } from '../certificate/authority.ts'
import { parseEdge } from './edge-name.ts'
import type { EdgeNews } from './news.ts'
import { checkOwner, hasReports, ownedOrgs, ownsEverything, tellOwners } from './owner.ts'
import { wakeAvailable, wakeWaiting } from './wake.ts'

const defaultMinutes = 60

export const edgeEnrolmentHandlers = (
  parts: Parts,
  news: EdgeNews,
): Handlers<'createEdgeEnrolment' | 'enrolEdge' | 'revokeEdge'> => ({
  createEdgeEnrolment: async (call) => {
    const edge = parseEdge(call.params)
    const actor = actorOf(call)
    const { body, sourceAddress } = call
    const owners = ownedOrgs(actor)
    const token = `pet_${parts.ids.hex(32)}`
    const now = parts.clock.now()
    const expires = new Date(now + (body.expiresAfterMinutes ?? defaultMinutes) * 60_000)
    const serves = await parts.store.transact(async (tx) => {
      await checkOwner(tx, edge, owners)
      const serves = await servesFor(tx, owners, body)
      const row = {
        token_hash: secretHash(token),
        programs: JSON.stringify(serves.programs),
        org_ids: serves.orgIds && JSON.stringify(serves.orgIds),
        group_ids: serves.groupIds && JSON.stringify(serves.groupIds),
        owner_org_ids: JSON.stringify(owners),
        expires,
        created: new Date(now),
      }
      await tx
        .insertInto('edge_enrolment')
        .values({ edge, ...row })
        .onConflict((conflict) => conflict.column('edge').doUpdateSet(row))
        .execute()
      await tellOwners(tx, parts, { type: 'EDGE_ENROLMENT_CREATED', edge, owners, actor, sourceAddress })
      return serves
    })
    return { body: { edge, token, expires: expires.toISOString(), serves: shown(serves) } }
  },

  enrolEdge: async ({ params, body, scheme, sourceAddress }) => {
    const edge = parseEdge(params)
    const tokenHash = secretHash(body.token)
    const asked = await parts.store.read
      .selectFrom('edge_enrolment')
      .selectAll()
      .where('edge', '=', edge)
      .executeTakeFirst()
    const known = await loadEdgeIdentity(parts.store.read, edge)
    const isOpen = asked !== undefined && sameHash(asked.token_hash, tokenHash)
    // An answer may be lost on its way: who comes again with the same token and the same key is the same edge.
    const isUsed = known !== null && known.revoked === null && sameHash(known.tokenHash, tokenHash)
    if (!isOpen && !isUsed) throw refused(edge, 'is not known, or was used or replaced by another')
    if (isOpen && asked.expires.getTime() <= parts.clock.now())
      throw refused(edge, `expired at ${asked.expires.toISOString()}`)

    const proof = scheme === 'https' ? ('CERTIFICATE' as const) : ('CREDENTIAL' as const)
    const { chain, keyHash } = await certify(parts, edge, body.csr)
    if (!isOpen) {
      if (!isUsed || !sameHash(known.keyHash, keyHash)) throw refused(edge, 'was used already, with another key')
      return { body: { edge, proof: known.proof, chain: chainFor(known.proof, chain), serves: shown(known.serves) } }
    }
    const serves = parseServes(asked)
    const owners = parseOwners(asked.owner_org_ids)
    await parts.store.transact(async (tx) => {
      // Whoever deletes it is the one who uses it.
      const taken = await tx
        .deleteFrom('edge_enrolment')
        .where('edge', '=', edge)
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst()
      if (taken.numDeletedRows === 0n) throw refused(edge, 'was used already')
      const other = await tx
        .selectFrom('edge_identity')
        .select('edge')
        .where('key_hash', '=', keyHash)
        .where('edge', '<>', edge)
        .executeTakeFirst()
      if (other !== undefined) throw refused(edge, `came with the key of edge ${other.edge}`)
      const row = {
        proof,
        key_hash: keyHash,
        credential_hash: body.credentialHash,
        token_hash: tokenHash,
        programs: JSON.stringify(serves.programs),
        org_ids: serves.orgIds && JSON.stringify(serves.orgIds),
        group_ids: serves.groupIds && JSON.stringify(serves.groupIds),
        owner_org_ids: JSON.stringify(owners),
        enrolled: new Date(parts.clock.now()),
        revoked: null,
      }
      await tx
        .insertInto('edge_identity')
        .values({ edge, ...row })
        .onConflict((conflict) => conflict.column('edge').doUpdateSet(row))
        .execute()
      if (known === null || !sameHash(known.keyHash, keyHash)) await succeed(tx, parts, { edge, before: known })
      const shown = [keyHash, body.credentialHash]
      await tx.deleteFrom('edge_former_proof').where('edge', '=', edge).where('hash', 'in', shown).execute()
      await tellOwners(tx, parts, { type: 'EDGE_ENROLLED', edge, owners, actor: null, sourceAddress })
    })
    parts.log.info({ edge, proof, keyHash, ...serves }, 'edge enrolled')
    // Whoever had the name before and waits in a poll hears of it.
    announceAll(news)
    return { body: { edge, proof, chain: chainFor(proof, chain), serves: shown(serves) } }
  },

  revokeEdge: async (call) => {
    const edge = parseEdge(call.params)
    const actor = actorOf(call)
    const { sourceAddress } = call
    await parts.store.transact(async (tx) => {
      await checkOwner(tx, edge, ownedOrgs(actor))
      const identity = await loadEdgeIdentity(tx, edge)
      const { numDeletedRows } = await tx.deleteFrom('edge_enrolment').where('edge', '=', edge).executeTakeFirst()
      if (identity === null) {
        if (numDeletedRows > 0n) return
        throw new AtlasError((await hasReports(tx, edge)) ? 'POSTERN_EDGE_NOT_ENROLLED' : 'POSTERN_EDGE_NOT_FOUND', {
          edge,
        })
      }
      if (identity.revoked !== null) return
      const revoked = new Date(parts.clock.now())
      await tx.updateTable('edge_identity').set({ revoked }).where('edge', '=', edge).execute()
      await wakeWaiting(tx, parts)
      await wakeAvailable(tx, parts)
      const { ownerOrgIds: owners } = identity
      await tellOwners(tx, parts, { type: 'EDGE_REVOKED', edge, owners, actor, sourceAddress })
    })
    parts.log.warn({ edge }, 'edge revoked')
    announceAll(news)
    return {}
  },
})

const announceAll = (news: EdgeNews): void => {
  for (const topic of [...feeds, 'questions'] as const) news.announce(topic)
}

/** Another machine has the name of the one before: what that one said of itself is not said of this one. */
const succeed = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { edge, before }: { readonly edge: string; readonly before: EdgeIdentity | null },
): Promise<void> => {
  if (before !== null) await endProof(tx, before, new Date(parts.clock.now()))
  const nothing = { epoch: '', n: 0, bound: '[]', failed: '[]' }
  const said = await tx.updateTable('edge_report').set(nothing).where('edge', '=', edge).executeTakeFirst()
  if (said.numUpdatedRows === 0n) return
  await wakeWaiting(tx, parts)
  await wakeAvailable(tx, parts)
}

/** Of the caller's own, and of everything only where they own everything. Throws GROUP_NOT_FOUND, INVALID_ATTRIBUTE. */
const servesFor = async (
  tx: Transaction<Tables>,
  owners: readonly string[],
  wish: { readonly programs?: EdgeServes['programs'] | undefined; readonly groupIds?: readonly string[] | undefined },
): Promise<EdgeServes> => {
  const programs = feeds.filter((feed) => (wish.programs ?? ['gateway']).includes(feed))
  const beyond = programs.filter((feed) => feed !== 'gateway')
  const { groupIds } = wish
  if (groupIds !== undefined) {
    if (beyond.length > 0) {
      const description = `only a gateway is sent some projects alone, not ${beyond.join(' and ')}`
      throw new AtlasError(
        'INVALID_ATTRIBUTE',
        { attribute: 'groupIds' },
        { fields: [{ field: 'groupIds', description }] },
      )
    }
    const found = await tx
      .selectFrom('group')
      .select('id')
      .where('id', 'in', [...groupIds])
      .where('org_id', 'in', [...owners])
      .execute()
    const missing = groupIds.find((groupId) => !found.some(({ id }) => id === groupId))
    if (missing !== undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId: missing })
    return { programs, orgIds: owners, groupIds }
  }
  if (await ownsEverything(tx, owners)) return { programs, orgIds: null, groupIds: null }
  if (beyond.length > 0) throw new AtlasError('POSTERN_EDGE_NEEDS_EVERY_ORG', { programs: beyond.join(' and ') })
  return { programs, orgIds: owners, groupIds: null }
}

/** Loads the X.509 library with the first request. Throws INVALID_ATTRIBUTE. */
const certify = async (parts: Parts, edge: string, csr: string) => {
  const authority = await loadAuthority(parts, 'edges')
  const { issueEdgeCertificate } = await import('../certificate/issue-edge.ts')
  return issueEdgeCertificate({
    authority: { certificate: authority.certificate, key: await signingKey(parts.seal, authority) },
    csr,
    edge,
    now: parts.clock.now(),
    random: parts.ids.hex(16),
  })
}

const chainFor = (proof: EdgeIdentity['proof'], chain: string): string | null =>
  proof === 'CERTIFICATE' ? chain : null

const refused = (edge: string, problem: string): AtlasError =>
  new AtlasError('POSTERN_EDGE_TOKEN_REFUSED', { edge, problem })

const shown = ({ programs, orgIds, groupIds }: EdgeServes) => ({
  programs: [...programs],
  orgIds: orgIds && [...orgIds],
  groupIds: groupIds && [...groupIds],
})
