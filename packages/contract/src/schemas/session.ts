// How people come in: sessions of the console, and invitations that are accepted. Of our own: Atlas has no API for them.

import { z } from 'zod'
import { password, personName, username } from './user.ts'

const session = z.object({
  /** When it ends unless it is used before. */
  expiresAt: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  orgIds: z.array(z.string()),
  userId: z.string(),
  username: z.string(),
})

export const sessionSchemas = {
  createSession: { body: z.object({ password: z.string().max(1024), username: z.string().max(254) }), reply: session },
  getSession: { reply: session },
  createSessionLink: {
    /** `url` opens the console and carries `link` behind the #, which a browser sends to nobody. */
    reply: z.object({ expiresAt: z.string(), link: z.string(), url: z.string(), username }),
  },
  createSessionByLink: { body: z.object({ link: z.string().max(200) }), reply: session },
  changeSessionPassword: { body: z.object({ currentPassword: z.string().max(1024), newPassword: password }) },
} as const

const invitationToken = z.string().max(200)

export const invitationSchemas = {
  createInvitationToken: {
    /** `url` opens the console's page that accepts, and carries the token behind the #, which a browser sends to nobody. */
    reply: z.object({ expiresAt: z.string(), invitationToken: z.string(), url: z.string(), username }),
  },
  describeInvitation: {
    body: z.object({ invitationToken }),
    reply: z.object({
      expiresAt: z.string(),
      /** Of the groups on which one is given roles. */
      groupNames: z.array(z.string()),
      /** Whether the account has a password already, which is asked for then; else one is chosen. */
      hasAccount: z.boolean(),
      inviterUsername: z.string(),
      orgName: z.string(),
      username,
    }),
  },
  acceptInvitation: {
    /** `password` becomes that of a new account, and proves that an old one is one's own. */
    body: z.object({
      firstName: personName.optional(),
      invitationToken,
      lastName: personName.optional(),
      password,
    }),
    reply: z.object({ orgId: z.string(), userId: z.string(), username }),
  },
} as const
