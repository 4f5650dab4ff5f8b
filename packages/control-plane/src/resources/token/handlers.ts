// OAuth for service accounts: a token for an id and a secret, and its revocation. Errors have OAuth's shape, because its
// clients read nothing else (the official CLI takes `invalid_client` for "unauthorized").

import type { Transaction } from 'kysely'
import type { Call, Handlers, Reply } from '../../http/handler.ts'
import { issueToken, readToken, tokenHash, tokenLife } from '../../identity/bearer-token.ts'
import { sameHash, secretHash } from '../../identity/secret-hash.ts'
import { deriveKey } from '../../identity/server-key.ts'
import { createThrottle } from '../../identity/throttle.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { type ClientCredentials, readCredentials } from './client-credentials.ts'

type Operation = 'createToken' | 'revokeToken'
type OAuthError = { readonly status: 400 | 401; readonly body: { error: string; error_description: string } }

/** `secret`: the HTTP engine's own (HttpParts.httpSecret). */
export const tokenHandlers = (parts: Parts, { secret }: { readonly secret: Uint8Array }): Handlers<Operation> => {
  const key = deriveKey(secret, 'bearer token')
  const throttle = createThrottle(parts)
  const noSecret = secretHash(parts.ids.hex(32))

  /** The account that the credentials prove; null after the same work for an unknown one. Throws RATE_LIMITED. */
  const accountOf = async ({ clientId, clientSecret }: ClientCredentials, address: string) => {
    await throttle.check(clientId, address)
    const secrets = await parts.store.read
      .selectFrom('service_account')
      .innerJoin('service_account_secret', 'service_account_secret.client_id', 'service_account.client_id')
      .select(['service_account.client_id', 'org_id', 'service_account_secret.id', 'secret_hash', 'expires'])
      .where('service_account.client_id', '=', clientId)
      .execute()
    const given = secretHash(clientSecret)
    // Every secret is compared, and one where there is none: the time tells nothing.
    const proved = [...secrets, { secret_hash: noSecret, expires: new Date(0) }].filter(({ secret_hash }) =>
      sameHash(given, secret_hash),
    )
    const secret = secrets.find((each) => proved.includes(each) && each.expires.getTime() > parts.clock.now())
    if (secret) return secret
    await throttle.failed(clientId, address)
    return null
  }

  const clientOf = async (call: Call<Operation>) => {
    const credentials = readCredentials(call.headers.get('authorization'), call.body)
    return credentials && accountOf(credentials, call.sourceAddress)
  }

  const tell = (
    tx: Transaction<Tables>,
    type: 'OAUTH_TOKEN_ISSUED' | 'OAUTH_TOKEN_REVOKED',
    { account, call }: { readonly account: { client_id: string; org_id: string }; readonly call: Call<Operation> },
  ): Promise<void> => {
    const { client_id: clientId, org_id: orgId } = account
    const actor = { kind: 'SERVICE_ACCOUNT', id: clientId, name: clientId } as const
    const { sourceAddress } = call
    return recordEvent(tx, parts, { type, orgId, groupId: null, actor, sourceAddress, target: { clientId } })
  }

  return {
    createToken: async (call): Promise<Reply<'createToken'>> => {
      const account = await clientOf(call)
      if (!account) return invalidClient
      if (call.body.grant_type === undefined) return refusal('invalid_request', 'grant_type is missing.')
      if (call.body.grant_type !== 'client_credentials')
        return refusal('unsupported_grant_type', 'Only client_credentials is supported.')
      const { client_id: clientId, id: secretId } = account
      const token = await issueToken(key, { clientId, secretId, now: parts.clock.now(), random: parts.ids.hex(16) })
      await parts.store.transact(async (tx) => {
        await tx
          .updateTable('service_account_secret')
          .set({ last_used: new Date(parts.clock.now()) })
          .where('id', '=', account.id)
          .execute()
        await tell(tx, 'OAUTH_TOKEN_ISSUED', { account, call })
      })
      return { body: { access_token: token, expires_in: tokenLife, token_type: 'Bearer' } }
    },

    revokeToken: async (call): Promise<Reply<'revokeToken'>> => {
      const account = await clientOf(call)
      if (!account) return invalidClient
      const { token } = call.body
      if (!token) return refusal('invalid_request', 'token is missing.')
      const now = parts.clock.now()
      const facts = await readToken(key, token, now)
      // RFC 7009, 2.2: a token that is nobody's, or somebody else's, is answered as if it had been revoked.
      if (facts?.clientId === account.client_id)
        await parts.store.transact(async (tx) => {
          await tx.deleteFrom('revoked_token').where('expires', '<', new Date(now)).execute()
          const { numInsertedOrUpdatedRows } = await tx
            .insertInto('revoked_token')
            .values({ token_hash: tokenHash(token), expires: new Date(facts.expires) })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirstOrThrow()
          // Revoked already.
          if (numInsertedOrUpdatedRows === 0n) return
          await tell(tx, 'OAUTH_TOKEN_REVOKED', { account, call })
        })
      return { body: {} }
    },
  }
}

const refusal = (error: string, error_description: string): OAuthError => ({
  status: 400,
  body: { error, error_description },
})

const invalidClient = {
  status: 401,
  body: { error: 'invalid_client', error_description: 'The client id or secret is wrong, or the secret has expired.' },
  headers: { 'www-authenticate': 'Basic realm="MMS Public API"' },
} as const
