// Links that log a person in once: made by an owner of every organization that the person belongs to, used by whoever opens
// the console with one.

import { AtlasError } from '@postern/contract/errors'
import { atlasTimestamp } from '@postern/contract/timestamp'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import { makeSessionLink, orgsAround } from '../../identity/session-link.ts'
import type { Parts } from '../../parts.ts'
import { memberOf, tell } from '../user/membership.ts'

export const sessionLinkHandlers = (parts: Parts): Handlers<'createSessionLink'> => ({
  createSessionLink: async (call) => {
    const { orgId = '', userId = '' } = call.params
    const actor = actorOf(call)
    const made = await parts.store.transact(async (tx) => {
      const change = { tx, parts, call }
      const { account } = await memberOf(change, { orgId, userId })
      const username = account.email
      const around = await orgsAround(tx, userId)
      if (!around.every((each) => holdsOrgRole(actor, each, ['ORG_OWNER'])))
        throw new AtlasError('POSTERN_USER_OF_OTHER_ORGS', { username })
      await tell(change, { type: 'SESSION_LINK_CREATED', orgId, target: { targetUsername: username } })
      return { username, ...(await makeSessionLink(tx, parts, userId)) }
    })
    const { link, expires, username } = made
    return { body: { expiresAt: atlasTimestamp(expires), link, url: call.link(`/login#link=${link}`), username } }
  },
})
