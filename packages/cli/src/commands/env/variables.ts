// The variables that the official clients read. Each takes one kind of credentials; those of the other kinds are taken
// away, since a service account left over from Atlas would win over an API key.

import type { Credentials } from '../../connect.ts'
import type { Variables } from './shell-lines.ts'

export interface Target {
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly orgId: string | undefined
  readonly groupId: string | undefined
}

/** The Atlas CLI; its URL ends with a slash. */
export const atlasVariables = ({ baseUrl, credentials, orgId, groupId }: Target): Variables => ({
  MONGODB_ATLAS_OPS_MANAGER_URL: `${baseUrl}/`,
  ...keysUnder({ publicKey: 'MONGODB_ATLAS_PUBLIC_API_KEY', privateKey: 'MONGODB_ATLAS_PRIVATE_API_KEY' }, credentials),
  ...(orgId === undefined ? {} : { MONGODB_ATLAS_ORG_ID: orgId }),
  ...(groupId === undefined ? {} : { MONGODB_ATLAS_PROJECT_ID: groupId }),
  MONGODB_ATLAS_SKIP_UPDATE_CHECK: 'yes',
  MONGODB_ATLAS_TELEMETRY_ENABLED: 'false',
  MONGODB_ATLAS_SILENCE_STORAGE_WARNING: 'true',
})

/** The Terraform provider, which wants no slash, and URL and keys from the same place. */
export const terraformVariables = ({ baseUrl, credentials, orgId, groupId }: Target): Variables => ({
  MONGODB_ATLAS_BASE_URL: baseUrl,
  ...keysUnder({ publicKey: 'MONGODB_ATLAS_PUBLIC_KEY', privateKey: 'MONGODB_ATLAS_PRIVATE_KEY' }, credentials),
  ...(orgId === undefined ? {} : { TF_VAR_org_id: orgId }),
  ...(groupId === undefined ? {} : { TF_VAR_project_id: groupId }),
})

/** SDKs read no environment: a program hands these to them, under the names that most examples use. */
export const sdkVariables = ({ baseUrl, credentials, orgId, groupId }: Target): Variables => ({
  MONGODB_ATLAS_BASE_URL: baseUrl,
  ...keysUnder({ publicKey: 'MONGODB_ATLAS_PUBLIC_KEY', privateKey: 'MONGODB_ATLAS_PRIVATE_KEY' }, credentials),
  ...(orgId === undefined ? {} : { MONGODB_ATLAS_ORG_ID: orgId }),
  ...(groupId === undefined ? {} : { MONGODB_ATLAS_PROJECT_ID: groupId }),
})

function keysUnder(
  names: { readonly publicKey: string; readonly privateKey: string },
  credentials: Credentials,
): Variables {
  const none: Variables = {
    [names.publicKey]: null,
    [names.privateKey]: null,
    MONGODB_ATLAS_CLIENT_ID: null,
    MONGODB_ATLAS_CLIENT_SECRET: null,
    MONGODB_ATLAS_ACCESS_TOKEN: null,
  }
  switch (credentials.kind) {
    case 'digest':
      return { ...none, [names.publicKey]: credentials.publicKey, [names.privateKey]: credentials.privateKey }
    case 'serviceAccount':
      return {
        ...none,
        MONGODB_ATLAS_CLIENT_ID: credentials.clientId,
        MONGODB_ATLAS_CLIENT_SECRET: credentials.clientSecret,
      }
    case 'bearer':
      return { ...none, MONGODB_ATLAS_ACCESS_TOKEN: credentials.token }
  }
}
