// The error catalogue: a code fixes its status, its sentence and its parameters; throwing takes only the code and the
// facts. Codes are Atlas's own where Atlas has one; `POSTERN_…` where only Postern can fail that way.
// Rendered by the HTTP engine as `{ detail, error, errorCode, parameters, reason }` (Atlas ApiError, recorded order).

interface ErrorRow {
  readonly status: number
  /** `{name}` stands for a parameter; the order of `parameters` is the order of first appearance here. */
  readonly detail: string
  /** Where Atlas sends a sentence of its own as the one parameter, instead of the facts. */
  readonly parameter?: string
  /** The code that callers are told, where Atlas has one code for several sentences. */
  readonly told?: string
  /** `{name}`s that follow Atlas's own parameters: what a program does next needs them, and Atlas's sentence does not. */
  readonly further?: string
}

export const errors = {
  VALIDATION_ERROR: { status: 400, detail: 'Invalid request: {problem}' },
  INVALID_ATTRIBUTE: { status: 400, detail: 'Invalid attribute {attribute} specified.' },
  MISSING_ATTRIBUTE: { status: 400, detail: 'The required attribute {attribute} was not specified.' },
  CLUSTER_NAME_INVALID: {
    status: 400,
    detail:
      'The cluster name {clusterName} is invalid: it begins with a letter or digit and holds ASCII letters, digits and hyphens.',
  },
  CLUSTER_NAME_TOO_LONG: { status: 400, detail: 'Cluster name {clusterName} is limited to {limit} characters.' },
  CLUSTER_ALREADY_REQUESTED_DELETION: {
    status: 400,
    detail: 'The cluster {clusterName} has already been requested for deletion.',
  },
  MONGODB_VERSION_INVALID: { status: 400, detail: 'An invalid MongoDB version {version} was specified.' },
  UNSUPPORTED_ROLE: { status: 400, detail: 'The role {roleName} is not supported on database {databaseName}.' },
  ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS: {
    status: 400,
    detail: 'A custom role needs at least one action or inherited role.',
  },
  ATLAS_CUSTOM_ROLE_INVALID_NAME: {
    status: 400,
    detail:
      'The role name {roleName} is invalid: it begins with a letter or digit and holds ASCII letters, digits, hyphens and underscores.',
  },
  ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED: {
    status: 400,
    detail: 'Cannot create custom role {roleName}: a built-in role has that name.',
  },
  ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED: {
    status: 400,
    detail: 'Cannot create custom role {roleName}: the prefix xgen- is reserved.',
  },
  ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION: {
    status: 400,
    detail: 'A custom role names each action once; {action} comes twice.',
  },
  ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE: {
    status: 400,
    detail: 'A custom role names each resource of an action once; one of {action} comes twice.',
  },
  ATLAS_INVALID_RESOURCE: { status: 400, detail: 'The action {action} cannot be applied to this resource.' },
  ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE: {
    status: 400,
    detail: 'The inherited role {role} on database {db} does not exist.',
  },
  ATLAS_INVALID_CUSTOM_ROLE_INHERITED_SCOPE: {
    status: 400,
    detail: 'The inherited role {role} is given on the admin database, not on {db}.',
  },
  ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL: { status: 400, detail: 'A custom role cannot inherit from itself.' },
  ATLAS_INVALID_CUSTOM_ROLE_CIRCULAR_DEPENDENCY: {
    status: 400,
    detail: 'The inherited role {role} inherits from this one already.',
  },
  ATLAS_X509_USER_CANNOT_BE_TEMPORARY: { status: 400, detail: 'Users with an X.509 certificate cannot be temporary.' },
  ATLAS_X509_USER_CANNOT_USE_SCRAM: {
    status: 400,
    detail: 'A user proves itself by a password or by an X.509 certificate, not by both.',
  },
  ATLAS_X509_USER_CANNOT_USE_LDAP: {
    status: 400,
    detail: 'A user proves itself by LDAP or by an X.509 certificate, not by both.',
  },
  ATLAS_MANAGED_X509_NAME_INVALID: {
    status: 400,
    detail:
      'The username {username} is invalid for managed X.509: it is a common name, alone or as CN=<name>, without further parts.',
  },
  ATLAS_GENERATED_CERTS_LIMIT_EXCEEDED: {
    status: 400,
    detail: 'Database user {username} has {limit} certificates that have not expired. Wait until one does.',
  },
  POSTERN_USER_WITHOUT_MANAGED_CERTIFICATES: {
    status: 400,
    detail: 'Database user {username} has x509Type {x509Type}; certificates are made for MANAGED.',
  },
  EXPIRATION_DATE_IN_PAST: { status: 400, detail: 'The specified expiration date must be in the future.' },
  DATABASE_NAME_INVALID_ADMIN: {
    status: 400,
    detail: 'Database name invalid. {users} can only be created on the admin database.',
  },
  DATABASE_NAME_INVALID_EXTERNAL: {
    status: 400,
    detail: 'Database name invalid. Externally authenticated users can only be created on the $external database.',
  },
  CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: {
    status: 400,
    detail: 'Flex cluster {clusterName} cannot be used in the Cluster API.',
  },
  CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED: {
    status: 400,
    detail:
      'Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.',
    parameter:
      'Cannot terminate cluster {clusterName} in group {groupId} because termination protection is enabled. Disable termination protection and try again.',
  },
  CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API: {
    status: 400,
    detail: 'Cluster {clusterName} is no Flex cluster and cannot be used in the Flex API.',
  },
  POSTERN_DEPLOYMENT_NOT_MANAGED: {
    status: 400,
    detail:
      'Cluster {clusterName} is a deployment of your own: {attribute} is changed there, and seen here when it has changed.',
  },
  POSTERN_PRIMARY_NOT_RESTARTED: {
    status: 409,
    detail: 'The primary of cluster {clusterName} did not step down: {problem}.',
  },
  CANNOT_UPDATE_PAUSED_CLUSTER: {
    status: 409,
    detail: 'Cannot update cluster {clusterName} while it is paused or being paused. Resume it first.',
  },
  CANNOT_UPDATE_AND_PAUSE_CLUSTER: {
    status: 409,
    detail: 'Cannot update and pause cluster {clusterName} at the same time.',
  },
  CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER: {
    status: 409,
    detail: 'Cannot pause cluster {clusterName}: it was resumed less than 60 minutes ago.',
  },
  DUPLICATE_DATABASE_ROLES: { status: 400, detail: 'Duplicate database roles specified for user {username}: {roles}.' },
  PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY: {
    status: 400,
    detail: 'A permanent entity cannot be made temporary.',
  },
  POSTERN_NO_SANDBOX: {
    status: 400,
    detail: 'This server has no engine to make a cluster on; register a deployment of your own instead.',
  },
  POSTERN_DEPLOYMENT_REFUSED: { status: 400, detail: 'The deployment cannot be registered: {problem}' },
  POSTERN_DEPLOYMENT_UNREACHABLE: { status: 400, detail: 'The deployment does not answer: {problem}' },
  PROVIDER_UNSUPPORTED: {
    status: 400,
    detail: 'Provider {provider} does not support {attribute}.',
  },
  CROSS_REGION_PRIVATE_LINK_SELF_REGION: {
    status: 400,
    detail:
      'Region {region} is the own region of the private endpoint service and cannot be a supported remote region.',
  },
  POSTERN_LAST_ROLE: {
    status: 400,
    detail: 'User {username} would have no role left in {place}; remove the user from there instead.',
  },
  INVALID_JSON: { status: 400, detail: 'Received JSON is malformed.' },
  PATH_PARAM_PARSE_ERROR: { status: 400, detail: 'Invalid path parameter {parameter} specified: {value}.' },
  POSTERN_SETUP_TOOL_UNSUPPORTED: {
    status: 400,
    detail: '{tool} does not set up a private endpoint at {provider}; there are {tools}.',
  },
  POSTERN_CONSUMER_REGION_NOT_ACCEPTED: {
    status: 400,
    detail:
      'Private endpoint service {endpointServiceId} accepts no endpoint of region {region}; add it to its supportedRemoteRegions first.',
  },
  QUERY_PARAM_PARSE_ERROR: { status: 400, detail: 'Invalid query parameter {parameter} specified: {value}.' },
  UNAUTHORIZED: { status: 401, detail: 'You are not authorized for this resource.' },
  // Atlas's answer to a name that no group of the caller's has: the official Kubernetes operator makes the group then.
  NOT_IN_GROUP: { status: 401, detail: 'The current user is not in the group, or the group does not exist.' },
  POSTERN_WRONG_PASSWORD: { status: 401, detail: 'The e-mail address or the password is wrong.' },
  POSTERN_SESSION_LINK_NOT_FOUND: {
    status: 401,
    detail: 'This log-in link was used already, has expired or never was. Make another one with `postern console`.',
  },
  POSTERN_USER_OF_OTHER_ORGS: {
    status: 403,
    detail:
      'User {username} belongs to organizations that the caller does not own, so only their password lets them in.',
  },
  USER_UNAUTHORIZED: { status: 403, detail: 'Current user is not authorized to perform this action.' },
  CUSTOM_ROLES_LIMIT_EXCEEDED: { status: 403, detail: 'Groups can contain at most {limit} custom roles.' },
  GROUP_USERS_LIMIT_EXCEEDED: { status: 403, detail: 'Groups can contain at most {limit} database users.' },
  POSTERN_GROUP_CLUSTERS_LIMIT_EXCEEDED: {
    status: 403,
    detail: 'Groups can contain at most {limit} clusters; delete one that is not needed any more.',
  },
  POSTERN_WEBHOOKS_LIMIT_EXCEEDED: {
    status: 403,
    detail: 'At most {limit} webhooks can be kept here; delete one that is not needed any more.',
  },
  IP_ADDRESS_NOT_ON_ACCESS_LIST: {
    status: 403,
    detail: 'IP address {ipAddress} is not allowed to access this resource.',
  },
  NOT_ORG_GROUP_CREATOR: {
    status: 403,
    detail: 'The current user does not have the role Organization Project Creator in organization {orgId}.',
  },
  FOREIGN_ORIGIN: { status: 403, detail: 'A page of {origin} may not change anything here.' },
  RESOURCE_NOT_FOUND: { status: 404, detail: 'Cannot find resource {path}.' },
  GROUP_NOT_FOUND: { status: 404, detail: 'No group with ID {groupId} exists.' },
  API_KEY_NOT_FOUND: { status: 404, detail: 'No API key with ID {apiUserId} exists in {place}.' },
  API_KEY_ACCESS_LIST_NOT_FOUND: {
    status: 404,
    detail: 'IP address {ipAddress} not on access list for API key {apiUserId}.',
  },
  SERVICE_ACCOUNT_NOT_FOUND: { status: 404, detail: 'No service account with client ID {clientId} exists here.' },
  SERVICE_ACCOUNT_SECRET_NOT_FOUND: {
    status: 404,
    detail: 'No secret with ID {secretId} exists for service account {clientId}.',
  },
  SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_NOT_FOUND: {
    status: 404,
    detail: 'IP address {ipAddress} not on access list for service account {clientId}.',
  },
  ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND: {
    status: 404,
    detail: 'IP Address {entryValue} not on Atlas access list for group {groupId}.',
  },
  CONTAINER_NOT_FOUND: { status: 404, detail: 'No network container with ID {containerId} exists in group {groupId}.' },
  ORG_NOT_FOUND: { status: 404, detail: 'No organization with ID {orgId} exists.' },
  EVENT_NOT_FOUND: { status: 404, detail: 'No event with ID {eventId} exists.' },
  CLUSTER_NOT_FOUND: { status: 404, detail: 'No cluster named {clusterName} exists in group {groupId}.' },
  USER_NOT_FOUND: { status: 404, detail: 'No user with ID {userId} exists.' },
  USER_NOT_IN_ORG: { status: 404, detail: 'No user {user} exists in organization {orgId}.' },
  USER_NOT_IN_GROUP: { status: 404, detail: 'No user {user} exists in group {groupId}.' },
  USER_NOT_IN_TEAM: { status: 404, detail: 'No user {user} exists in team {teamId}.' },
  TEAM_NOT_FOUND: { status: 404, detail: 'No team {team} exists in organization {orgId}.' },
  TEAM_NOT_IN_GROUP: { status: 404, detail: 'No team {teamId} exists in group {groupId}.' },
  POSTERN_INVITATION_NOT_FOUND: {
    status: 404,
    detail: 'There is no such invitation, or it has expired; ask an owner of the organization for a new one.',
  },
  USERNAME_NOT_FOUND: { status: 404, detail: 'No user with username {username} exists.' },
  ATLAS_CUSTOM_ROLE_NOT_FOUND: { status: 404, detail: 'The specified custom db role {roleName} does not exist.' },
  PRIVATE_ENDPOINT_SERVICE_NOT_FOUND: {
    status: 404,
    detail: 'No private endpoint service with ID {endpointServiceId} exists for {provider} in group {groupId}.',
  },
  /** The official Kubernetes operator knows what is gone by this one code, of endpoints too. */
  PRIVATE_ENDPOINT_NOT_FOUND: {
    status: 404,
    told: 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND',
    detail: 'No private endpoint {endpointId} exists on private endpoint service {endpointServiceId}.',
  },
  POSTERN_TERMINATION_NOT_FOUND: {
    status: 404,
    detail: 'Nothing called {id} was terminated here within the last {window}, so there is nothing to undo.',
  },
  POSTERN_LOCAL_TARGET_NOT_FOUND: {
    status: 404,
    detail:
      'No private endpoint service in the local {provider} cloud is named {target}. Take the name from the service once it is AVAILABLE.',
  },
  POSTERN_LOCAL_ENDPOINT_NOT_FOUND: {
    status: 404,
    detail: 'No endpoint {endpointId} exists in the local {provider} cloud; list those that do.',
  },
  POSTERN_NO_SUCH_TLS_ENDPOINT: {
    status: 404,
    detail: 'No private endpoint {endpointId} is served that has a name and speaks TLS.',
  },
  POSTERN_SNAPSHOT_SCHEMA_UNKNOWN: {
    status: 406,
    detail:
      'Edge {edge} reads snapshots of schema {reads}, and this control plane writes {writes}. Upgrade {older}; until then the edge serves what it has.',
  },
  POSTERN_CONNECTION_NOT_FOUND: {
    status: 404,
    detail: 'No gateway has a connection with ID {connectionId} through an endpoint of group {groupId}.',
  },
  POSTERN_ENDPOINT_NOT_FOUND: {
    status: 404,
    detail: 'No private endpoint with ID {endpointId} exists in group {groupId}.',
  },
  POSTERN_EDGE_QUESTION_NOT_FOUND: { status: 404, detail: 'Nobody waits for an answer to question {questionId}.' },
  POSTERN_FAULT_NOT_FOUND: { status: 404, detail: 'No fault with ID {faultId} is set.' },
  POSTERN_WEBHOOK_NOT_FOUND: { status: 404, detail: 'No webhook with ID {webhookId} exists here.' },
  POSTERN_EDGE_NOT_FOUND: { status: 404, detail: 'No edge named {edge} is known.' },
  POSTERN_EDGE_TOKEN_REFUSED: {
    status: 403,
    detail: 'The enrolment token for edge {edge} {problem}. Make another: postern edges enrol {edge}.',
  },
  POSTERN_EDGE_NOT_FOR_THAT: {
    status: 403,
    detail: 'Edge {edge} was enrolled for {programs} and is not sent the {feed} feed.',
  },
  POSTERN_EDGE_OF_OTHERS: {
    status: 403,
    detail: 'Edge {edge} belongs to the owner of another organization, or serves every organization of this server.',
  },
  POSTERN_EDGE_NEEDS_EVERY_ORG: {
    status: 403,
    detail:
      'What {programs} are sent is of every organization of this server: only who owns all of them enrols such an edge.',
  },
  METHOD_NOT_ALLOWED: { status: 405, detail: 'Method {method} is not allowed for resource {path}.' },
  POSTERN_EDGE_REVOKED: {
    status: 410,
    detail: 'Edge {edge} was revoked at {revoked}. It is sent nothing any more; enrol it anew if that was a mistake.',
  },
  POSTERN_EDGE_NOT_ENROLLED: {
    status: 409,
    detail:
      'Edge {edge} has no identity of its own. If it shows the token that edges share, change that token (POSTERN_EDGE_TOKEN) to shut it out.',
  },
  POSTERN_EDGE_LISTS_UNKNOWN: {
    status: 409,
    detail: 'Edge {edge} reported other lists last for its {feed} feed: it is to send them.',
  },
  INVALID_VERSION_DATE: {
    status: 406,
    detail: 'Version {version} is older than this resource; its oldest version is {oldest}.',
  },
  PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION: {
    status: 409,
    detail: 'A private endpoint service already exists for {provider} region {region}.',
    further: '{endpointServiceId}',
  },
  PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS: {
    status: 409,
    detail: 'Private endpoint service {endpointServiceId} still has endpoints: {endpointIds}. Delete them first.',
  },
  PRIVATE_ENDPOINT_ALREADY_EXISTS: {
    status: 409,
    detail: 'Private endpoint {endpointId} is already attached to private endpoint service {endpointServiceId}.',
  },
  POSTERN_CHOICE_TAKEN: { status: 409, detail: 'The {attribute} {value} is taken; choose another one.' },
  POSTERN_ENSURE_DIFFERS: {
    status: 409,
    detail: '{what} {id} is there, but not as asked for: {differences}. Ask for it as it is, or again when it is gone.',
  },
  POSTERN_NOT_RETRYABLE: {
    status: 409,
    detail: '{what} {id} is {status}: only one that ended {endedAs} can be retried.',
  },
  POSTERN_ENDPOINT_NOT_CORRECTABLE: {
    status: 409,
    detail:
      'Private endpoint {endpointId} is {status}: {fields} can be corrected once it ended {endedAs}. Attach another endpoint instead.',
  },
  POSTERN_NO_SEED: {
    status: 409,
    detail: 'No seed was kept since the server started: keep what is there now, then reset goes back to it.',
  },
  POSTERN_NOT_TERMINATED: { status: 409, detail: '{what} {id} is {status}: nothing of it was terminated.' },
  POSTERN_UNDO_REFUSED: { status: 409, detail: 'The termination of {id} cannot be undone: {problem}.' },
  POSTERN_GROUP_LIMIT_IN_USE: {
    status: 409,
    detail:
      'Limit {limitName} cannot be changed while the group has private endpoint services that were made by it: {endpointServices}. Delete them first.',
  },
  PRIVATE_ENDPOINT_SERVICE_NOT_AVAILABLE: {
    status: 409,
    detail: 'Private endpoint service {endpointServiceId} is {status}: endpoints can be attached once it is AVAILABLE.',
  },
  MULTIPLE_PRIVATE_ENDPOINTS_RESTRICTED_TO_SINGLE_REGION: {
    status: 409,
    detail:
      'A project that has several private endpoints in one region cannot have any in another, unless the regionalized private endpoint mode is enabled.',
  },
  REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED: {
    status: 409,
    detail: 'The regionalized private endpoint mode cannot be {change}: {problem}.',
  },
  POSTERN_WEBHOOK_DISABLED: {
    status: 409,
    detail: 'Webhook {webhookId} is disabled; enable it first.',
  },
  POSTERN_REGIONALIZED_MODE_NEEDS_SHARDED: {
    status: 409,
    detail:
      'Cluster {clusterName} would be a replica set, and the regionalized private endpoint mode of this group takes sharded clusters only. Turn the mode off first.',
  },
  POSTERN_LOCAL_ENDPOINT_ALREADY_EXISTS: {
    status: 409,
    detail:
      'An endpoint {endpointId} already exists in the local {provider} cloud; choose another name, or delete it first.',
  },
  POSTERN_NO_LOCAL_ADDRESS: {
    status: 409,
    detail: 'No free place to listen was found for a local endpoint: {problem}.',
  },
  USER_ALREADY_IN_ORG: { status: 409, detail: 'User {username} is in organization {orgId} already.' },
  USER_ALREADY_IN_GROUP: { status: 409, detail: 'User {username} is in group {groupId} already.' },
  POSTERN_MEMBER_NEEDS_NO_INVITATION: {
    status: 409,
    detail:
      'User {username} is an active member of organization {orgId}; add them to the group by POST …/groups/{groupId}/users.',
  },
  INVITATION_ALREADY_EXISTS: {
    status: 409,
    detail: 'User {username} has been invited to {place} already.',
  },
  CANNOT_REMOVE_LAST_ORG_OWNER: {
    status: 409,
    detail: 'User {username} is the last owner of organization {orgId}; make somebody else an owner first.',
  },
  CANNOT_DELETE_ORG_ACTIVE_GROUPS: {
    status: 409,
    detail: 'Organization {orgId} cannot be deleted while it has groups: {names}.',
  },
  TEAM_ALREADY_EXISTS: { status: 409, detail: 'A team named "{name}" already exists in organization {orgId}.' },
  TEAM_ALREADY_IN_GROUP: { status: 409, detail: 'Team {teamId} is in group {groupId} already.' },
  SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED: {
    status: 409,
    detail: 'Service account {clientId} has {limit} valid secrets already. Delete one first.',
  },
  SERVICE_ACCOUNT_ALREADY_IN_GROUP: {
    status: 409,
    detail: 'Service account {clientId} already belongs to group {groupId}.',
  },
  ADDRESS_ALREADY_IN_ACCESS_LIST: { status: 409, detail: 'The address {address} is already on the access list.' },
  ACCESS_LIST_LIMIT_EXCEEDED: { status: 400, detail: 'An access list can hold at most {limit} entries.' },
  CONTAINER_ALREADY_EXISTS: { status: 409, detail: 'A container already exists for group {groupId}.' },
  CONTAINERS_IN_USE: { status: 409, detail: 'Cannot modify in use containers. {reason}' },
  OVERLAPPING_ATLAS_CIDR_BLOCK: {
    status: 409,
    detail: 'The CIDR block {cidrBlock} overlaps with an Atlas CIDR block.',
  },
  GROUP_ALREADY_EXISTS: { status: 409, detail: 'A group with name "{name}" already exists.' },
  DUPLICATE_CLUSTER_NAME: {
    status: 400,
    detail: 'A cluster named {clusterName} is already present in group {groupId}.',
  },
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS: {
    status: 409,
    detail: 'Group {groupId} cannot be deleted while it has clusters: {names}.',
  },
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES: {
    status: 409,
    detail: 'Group {groupId} cannot be deleted while it has private endpoint services: {endpointServices}.',
  },
  CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK: {
    status: 409,
    detail:
      'The requested operation would result in more addressable nodes in region {region} than can be supported by its private endpoint service. The maximum number supported is {limit}.',
  },
  ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS: {
    status: 409,
    detail: 'A custom role with the name {roleName} already exists.',
  },
  ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS: {
    status: 409,
    detail: 'Deleting the custom role would leave these users without a role: {usernames}.',
  },
  ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES: {
    status: 409,
    detail: 'Deleting the custom role would leave these roles with no actions or inherited roles: {roleNames}.',
  },
  USER_ALREADY_EXISTS: { status: 409, detail: 'A user with username {username} already exists.' },
  DATABASE_USERNAME_CANNOT_BE_CHANGED: {
    status: 409,
    detail: 'Cannot modify the username of an existing database user.',
  },
  DATABASE_NAME_CANNOT_BE_CHANGED: {
    status: 409,
    detail: 'Cannot modify the authentication database of an existing database user.',
  },
  AUTH_TYPE_CANNOT_BE_CHANGED: {
    status: 409,
    detail: 'Cannot modify the authentication type of an existing database user.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, detail: 'The request body is larger than {limit} bytes.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, detail: 'Content type {contentType} is not accepted here.' },
  MISDIRECTED_HOST: { status: 421, detail: 'This server does not answer for host {host}.' },
  POSTERN_TOO_MANY_STREAMS: {
    status: 429,
    detail: 'At most {limit} streams of events may be open at once for one caller; close one.',
  },
  HEADERS_TOO_LARGE: { status: 431, detail: 'The headers of the request are larger than {limit} bytes.' },
  RATE_LIMITED: { status: 429, detail: 'Too many failed attempts; try again in {seconds} s.' },
  UNEXPECTED_ERROR: { status: 500, detail: 'An unexpected error occurred; request {requestId}.' },
  POSTERN_EDGES_UNANSWERED: {
    status: 503,
    detail:
      'No gateway that answered has a connection with ID {connectionId}; not answered: {edges}. Try again shortly.',
  },
  SERVICE_UNAVAILABLE: { status: 503, detail: 'The store cannot be reached at the moment; try again shortly.' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errors

type ParameterNames<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterNames<Rest> : never

type Sentences<Code extends ErrorCode> = {
  [Part in 'detail' | 'parameter' | 'further']: (typeof errors)[Code] extends { readonly [Key in Part]: infer Text }
    ? Text
    : never
}['detail' | 'parameter' | 'further']

export type ErrorFacts<Code extends ErrorCode> = Readonly<Record<ParameterNames<Sentences<Code>>, string | number>>

export interface FieldProblem {
  readonly field: string
  readonly description: string
}

/**
 * The one error that callers of the API see. `fields` names what was wrong in a body (Atlas `badRequestDetail`);
 * `cause` goes to the log and never to the caller.
 */
export class AtlasError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AtlasError'
  readonly status: number
  readonly parameters: readonly (string | number)[]
  readonly code: Code
  /** As callers are told; `code` itself unless the catalogue says otherwise. */
  readonly told: string
  readonly fields: readonly FieldProblem[]

  constructor(
    code: Code,
    facts: ErrorFacts<Code>,
    options: { readonly fields?: readonly FieldProblem[]; readonly cause?: unknown } = {},
  ) {
    const row: ErrorRow = errors[code]
    const given = facts as Readonly<Record<string, string | number>>
    const named = `${row.detail}${row.further ?? ''}`
    const names = [...new Set([...named.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))]
    const fill = (sentence: string) => sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(given[name]))
    super(fill(row.detail), options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.told = row.told ?? code
    this.status = row.status
    this.parameters =
      row.parameter === undefined ? names.map((name) => given[name] as string | number) : [fill(row.parameter)]
    this.fields = options.fields ?? []
  }
}
