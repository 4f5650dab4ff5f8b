// Database users. The password goes in and never comes out. `deleteAfterDate` takes any offset and answers UTC.

import { z } from 'zod'
import { clusterNamePattern, clusterNameWords } from '../cluster.ts'

const keyValues = z.array(z.strictObject({ key: z.string().min(1).max(255), value: z.string().min(1).max(255) }))

const role = z.strictObject({
  roleName: z.string().min(1),
  databaseName: z.string().min(1).max(63),
  collectionName: z.string().nullish(),
})

const scope = z.strictObject({
  name: z.string().regex(clusterNamePattern, clusterNameWords),
  type: z.enum(['CLUSTER', 'DATA_LAKE', 'STREAM']),
})

const noLogIn = 'Kept and shown; with anything but NONE the user is made on no deployment and cannot log in.'

const authTypes = {
  awsIAMType: z.enum(['NONE', 'USER', 'ROLE']).meta({ description: noLogIn }),
  ldapAuthType: z.enum(['NONE', 'GROUP', 'USER']).meta({ description: noLogIn }),
  oidcAuthType: z.enum(['NONE', 'IDP_GROUP', 'USER']).meta({ description: noLogIn }),
  x509Type: z.enum(['NONE', 'CUSTOMER', 'MANAGED']).meta({
    description: `${noLogIn} Its certificate does not pass a gateway that ends TLS.`,
  }),
}

const optionalAuthTypes = {
  awsIAMType: authTypes.awsIAMType.optional(),
  ldapAuthType: authTypes.ldapAuthType.optional(),
  oidcAuthType: authTypes.oidcAuthType.optional(),
  x509Type: authTypes.x509Type.optional(),
}

const settable = {
  deleteAfterDate: z.iso.datetime({ offset: true, local: false }).nullish(),
  description: z.string().max(100).nullish(),
  labels: z.array(keyValues.element).optional(),
  password: z.string().min(8).max(1024).optional(),
  scopes: z.array(scope).optional(),
  /** Set by the server or by the path; accepted because clients send back what they read. */
  groupId: z.unknown().optional(),
  links: z.unknown().optional(),
}

const reply = z.object({
  ...authTypes,
  databaseName: z.enum(['admin', '$external']),
  deleteAfterDate: z.string().optional(),
  description: z.string().optional(),
  groupId: z.string(),
  labels: keyValues,
  links: z.array(z.object({ href: z.string(), rel: z.string() })),
  roles: z.array(z.object({ collectionName: z.string().optional(), databaseName: z.string(), roleName: z.string() })),
  scopes: z.array(scope),
  username: z.string(),
})

export const databaseUserSchemas = {
  listGroupDatabaseUsers: {
    reply: z.object({
      links: z.array(z.object({ href: z.string(), rel: z.string() })),
      results: z.array(reply),
      totalCount: z.int(),
    }),
  },
  createGroupDatabaseUser: {
    body: z.strictObject({
      ...optionalAuthTypes,
      ...settable,
      databaseName: z.enum(['admin', '$external']).default('admin'),
      roles: z.array(role).optional(),
      username: z.string().min(1).max(1024),
    }),
    reply,
  },
  getGroupDatabaseUser: { reply },
  updateGroupDatabaseUser: {
    body: z.strictObject({
      ...optionalAuthTypes,
      ...settable,
      databaseName: z.enum(['admin', '$external']).optional(),
      roles: z.array(role).optional(),
      username: z.string().min(1).max(1024).optional(),
    }),
    reply,
  },
  deleteGroupDatabaseUser: {},
  listGroupDatabaseUserCerts: {
    reply: z.object({
      links: z.array(z.object({ href: z.string(), rel: z.string() })),
      results: z.array(
        z.object({
          /** The certificate's serial number. */
          _id: z.int(),
          createdAt: z.string(),
          groupId: z.string(),
          notAfter: z.string(),
          subject: z.string(),
        }),
      ),
      totalCount: z.int(),
    }),
  },
  createGroupDatabaseUserCert: {
    body: z.strictObject({
      monthsUntilExpiration: z.int().min(1).max(24).default(3),
      /** What the server says of a certificate; accepted because clients send back what they know. */
      _id: z.unknown().optional(),
      createdAt: z.unknown().optional(),
      groupId: z.unknown().optional(),
      links: z.unknown().optional(),
      notAfter: z.unknown().optional(),
      subject: z.unknown().optional(),
    }),
    /** PEM: the certificate, then its private key. */
    reply: z.string(),
  },
  getDatabaseUserAuthority: {
    reply: z.object({
      /** PEM: what a deployment is to trust as `tlsCAFile`, so that it knows the users' certificates. */
      certificate: z.string(),
      notAfter: z.string(),
    }),
  },
} as const

export type DatabaseUserReply = z.output<typeof reply>
export type DatabaseUserRole = z.output<typeof role>
