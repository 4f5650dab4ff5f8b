// The variables of every client at once: their names do not meet. What would win over the key pair is set to nothing, so
// that a process that is given these drives this server whatever else is in its environment.

import { atlasVariables, sdkVariables, terraformVariables } from '@postern/cli/commands/env/variables'

export const variablesOf = ({
  apiUrl,
  publicKey,
  privateKey,
  orgId,
  groupId,
}: {
  readonly apiUrl: string
  readonly publicKey: string
  readonly privateKey: string
  readonly orgId: string
  readonly groupId: string
}): Readonly<Record<string, string>> => {
  const target = { baseUrl: apiUrl, credentials: { kind: 'digest', publicKey, privateKey } as const, orgId, groupId }
  const all = { ...atlasVariables(target), ...sdkVariables(target), ...terraformVariables(target) }
  return {
    ...Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value ?? ''])),
    POSTERN_URL: apiUrl,
    POSTERN_PUBLIC_KEY: publicKey,
    POSTERN_PRIVATE_KEY: privateKey,
    POSTERN_ORG_ID: orgId,
    POSTERN_PROJECT_ID: groupId,
  }
}
