// What a caller of an operation must know beyond its line in summaries.ts, because nothing in the answer tells it.

import type { OperationId } from '../routes.ts'

const noLogIn =
  'Users with `x509Type`, `ldapAuthType`, `oidcAuthType` or `awsIAMType` other than NONE are kept and shown, and made on no deployment: only users with a password can log in.'
const endsTls =
  'A gateway that ends TLS hands no client certificate on, so that X.509 cannot pass a private endpoint that is told by name (TLS, SNI).'

export const notes: Partial<Readonly<Record<OperationId, string>>> = {
  createGroupDatabaseUser: `${noLogIn} ${endsTls} What LDAP, OIDC and AWS IAM log in by would pass it, and finds no user on the deployment.`,
  updateGroupDatabaseUser: `${noLogIn} ${endsTls}`,
  createGroupDatabaseUserCert: `${endsTls} The certificate is for a deployment of your own that trusts the authority of \`getDatabaseUserAuthority\`, has the user on \`$external\`, and is reached without such a gateway.`,
}
