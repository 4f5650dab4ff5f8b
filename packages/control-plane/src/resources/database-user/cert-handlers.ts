// Managed X.509 certificates of database users: list those that have not expired, make one. The key is made here, handed
// over once and never kept; what is kept is the serial number and the dates. See docs/decisions/0010.

import { X509Certificate } from 'node:crypto'
import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import type { Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { loadAuthority, signingKey } from '../certificate/authority.ts'
import { recordEvent } from '../event/record.ts'
import { commonName } from './managed-name.ts'
import { parseUserSpec, type UserRow } from './user.ts'

type Operations = 'listGroupDatabaseUserCerts' | 'createGroupDatabaseUserCert' | 'getDatabaseUserAuthority'

/** Certificates of one user that have not expired; Atlas has such a limit and does not say how high. */
const certificateLimit = 50

export const databaseUserCertHandlers = (parts: Parts): Handlers<Operations> => {
  const { store, clock, ids, seal } = parts

  return {
    listGroupDatabaseUserCerts: async (call) => {
      const user = await find(store.read, call.params)
      const { limit, offset } = rowsOf(call)
      const shown = store.read
        .selectFrom('database_user_cert')
        .where('user_id', '=', user.id)
        .where('not_after', '>', new Date(clock.now()))
      const rows = await shown.selectAll().orderBy('created').orderBy('serial').limit(limit).offset(offset).execute()
      const { total } = await shown.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
      const results = rows.map(({ serial, subject, created, not_after }) => ({
        _id: Number(serial),
        createdAt: timestamp(created),
        groupId: user.group_id,
        notAfter: timestamp(not_after),
        subject,
      }))
      return { body: pageOf(call, { results, total: Number(total) }) }
    },

    createGroupDatabaseUserCert: async (call) => {
      const user = await find(store.read, call.params)
      const { x509Type } = parseUserSpec(user.spec)
      const { username } = user
      if (x509Type !== 'MANAGED')
        throw new AtlasError('POSTERN_USER_WITHOUT_MANAGED_CERTIFICATES', { username, x509Type })
      const authority = await loadAuthority(parts, 'databaseUsers')
      const { issueUserCertificate } = await import('../certificate/issue-user.ts')
      const made = await issueUserCertificate({
        authority: { certificate: authority.certificate, key: await signingKey(seal, authority) },
        commonName: commonName(username),
        months: call.body.monthsUntilExpiration,
        now: clock.now(),
        random: ids.hex(6),
      })
      await store.transact(async (tx) => {
        // Locked: a user that goes, or gets its last certificate meanwhile, gets none from here.
        const row = await find(tx, call.params, { lock: true })
        await checkLimit(tx, row)
        const values = { serial: made.serial, user_id: row.id, subject: made.subject }
        const dates = { created: new Date(clock.now()), not_after: made.notAfter }
        await tx
          .insertInto('database_user_cert')
          .values({ ...values, ...dates })
          .execute()
        const { org_id: orgId } = await tx
          .selectFrom('group')
          .select('org_id')
          .where('id', '=', row.group_id)
          .executeTakeFirstOrThrow()
        await recordEvent(tx, parts, {
          type: 'MONGODB_USER_X509_CERT_CREATED',
          orgId,
          groupId: row.group_id,
          actor: call.actor,
          sourceAddress: call.sourceAddress,
          target: { username, databaseName: row.database_name, serial: made.serial },
        })
      })
      return { body: made.pem }
    },

    getDatabaseUserAuthority: async () => {
      const { certificate } = await loadAuthority(parts, 'databaseUsers')
      return { body: { certificate, notAfter: new Date(new X509Certificate(certificate).validTo).toISOString() } }
    },
  }

  async function find(
    db: Pick<Transaction<Tables>, 'selectFrom'>,
    { groupId = '', username = '' }: Readonly<Record<string, string>>,
    { lock = false } = {},
  ): Promise<UserRow> {
    const row = await db
      .selectFrom('database_user')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('username', '=', username)
      .where('delete_requested', '=', false)
      // An X.509 user is on $external; one of the name on admin is another one.
      .orderBy('database_name')
      .$if(lock, (query) => query.forUpdate())
      .executeTakeFirst()
    if (row === undefined) throw new AtlasError('USERNAME_NOT_FOUND', { username })
    return row
  }

  async function checkLimit(tx: Transaction<Tables>, { id, username }: UserRow): Promise<void> {
    const { count } = await tx
      .selectFrom('database_user_cert')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('user_id', '=', id)
      .where('not_after', '>', new Date(clock.now()))
      .executeTakeFirstOrThrow()
    if (Number(count) >= certificateLimit)
      throw new AtlasError('ATLAS_GENERATED_CERTS_LIMIT_EXCEEDED', { username, limit: certificateLimit })
  }
}

const timestamp = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z')
