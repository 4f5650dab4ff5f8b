// API keys of one's own choice. They are found by their public key, and never deleted: the caller's own may be one of them.

import type { ApiKeyWish } from '../form.ts'
import { compare, everyItem, type Kind } from '../kind.ts'

interface Found {
  readonly id: string
  readonly publicKey: string
  readonly desc: string
  readonly roles: readonly { readonly roleName: string; readonly groupId?: string; readonly orgId?: string }[]
}

export const apiKeyKind: Kind<ApiKeyWish, Found> = {
  noun: 'API key',
  wishes: ({ apiKeys }) => apiKeys,
  keyOf: ({ publicKey }) => publicKey,
  keyOfFound: ({ publicKey }) => publicKey,
  look: (client, { groupId }) => everyItem((query) => client.call('listGroupApiKeys', { params: { groupId }, query })),
  changes: (wish, found) =>
    compare([
      ['description', wish.description, found.desc],
      ['roles', wish.roles, found.roles.filter(({ groupId }) => groupId !== undefined).map(({ roleName }) => roleName)],
    ]),
  secretOf: ({ privateKey, privateKeyFrom }) => ({
    field: 'privateKey',
    clear: privateKey,
    from: privateKeyFrom,
    needed: true,
  }),
  async make({ client, secrets }, { groupId }, wish) {
    const { publicKey, description, roles } = wish
    const body = { publicKey, privateKey: secrets.get(wish) ?? '', desc: description, roles: [...roles] }
    await client.call('createGroupApiKeyPair', { params: { groupId }, body })
  },
  async change({ client }, { groupId }, { wish, found }) {
    const params = { groupId, apiUserId: found.id }
    await client.call('updateGroupApiKeyRoles', { params, body: { desc: wish.description, roles: [...wish.roles] } })
  },
}
