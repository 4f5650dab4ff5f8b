// Registering a deployment of the user's own. Atlas has no such operation: the deployment then appears in its clusters
// API like any other. Material comes inline; a path on the server's disk is never read for a caller.

import { z } from 'zod'
import { isBehindPassphrase } from '../private-key.ts'
import { link, pageOf } from './paging.ts'

const pemKey = z
  .string()
  .max(100_000)
  .regex(
    /^\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+-----END ([A-Z]+ )?PRIVATE KEY-----\s*$/,
    'must be a PEM private key',
  )
  .refine((text) => !isBehindPassphrase(text), 'is behind a passphrase: send it without one')
const pem = z
  .string()
  .max(1_000_000)
  .regex(/^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/, 'must be one or more PEM certificates')

const registered = z.object({
  id: z.string(),
  groupId: z.string(),
  /** Of the cluster that it is in this project. */
  name: z.string(),
  type: z.enum(['MONGOD', 'MONGOS']),
  setName: z.string().nullable(),
  mongoDBVersion: z.string().nullable(),
  /** Why hidden members of a set are not known at present; null where they are. */
  hiddenMembersUnknownReason: z.string().nullable(),
  /** Whether an administrator's password is kept, by which database users are made there. */
  usersManaged: z.boolean(),
  stateName: z.string(),
  links: z.array(link),
})

export const deploymentSchemas = {
  listGroupDeployments: { reply: pageOf(registered) },
  registerGroupDeployment: {
    body: z.strictObject({
      name: z.string(),
      /** `mongodb://` or `mongodb+srv://`; without credentials (they have fields of their own). */
      connectionString: z.string().min(1).max(4096),
      tls: z
        .strictObject({
          ca: pem.optional(),
          /**
           * What the control plane shows to members that ask for a certificate; both or neither. Gateways are given their
           * own (POSTERN_MEMBER_CERT): no deployment's secret is ever sent to them.
           */
          certificate: pem.optional(),
          key: pemKey.optional(),
          allowInvalidHostnames: z.boolean().default(false),
        })
        .optional(),
      /** Where the deployment's nodes stand, for completeness of connection strings. */
      provider: z.string(),
      region: z.string(),
      /** An administrator's, so that database users are managed; left out: users are not managed. */
      username: z.string().min(1).max(1024).optional(),
      password: z.string().min(1).max(1024).optional(),
    }),
    reply: z.object({
      id: z.string(),
      groupId: z.string(),
      name: z.string(),
      type: z.enum(['MONGOD', 'MONGOS']),
      setName: z.string().nullable(),
      mongoDBVersion: z.string().nullable(),
      members: z.array(z.object({ id: z.string(), hostPort: z.string(), role: z.string() })),
      /** Why hidden members of a set are not among `members`; null where there is no reason: all are. */
      hiddenMembersUnknownReason: z.string().nullable(),
      usersManaged: z.boolean(),
      /** Null when users are managed. */
      usersNotManagedReason: z.string().nullable(),
      stateName: z.string(),
      links: z.array(z.object({ href: z.string(), rel: z.string() })),
    }),
  },
} as const
