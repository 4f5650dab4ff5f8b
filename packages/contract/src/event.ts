// Audit events: Atlas's type names are text here, because their list grows with every release of Atlas. Events of a
// group are its own; some of them concern the whole organization and are listed there too. Where Atlas has no type for a
// change, it has one of ours: no change without a trace.

export const eventTypePattern = /^[A-Z][A-Z0-9_]{0,99}$/

/** Types that an organization's list shows of its groups (Atlas API schemas: those that EventTypeForOrg knows as well). */
export const groupEventsOfOrganization = [
  'API_KEY_ACCESS_LIST_ENTRY_ADDED',
  'API_KEY_ACCESS_LIST_ENTRY_DELETED',
  'API_KEY_ADDED_TO_GROUP',
  'API_KEY_CREATED',
  'API_KEY_DELETED',
  'API_KEY_DESCRIPTION_CHANGED',
  'API_KEY_REMOVED_FROM_GROUP',
  'API_KEY_ROLES_CHANGED',
  'GROUP_CREATED',
  'GROUP_DELETED',
  'GROUP_MOVED',
  'GROUP_TAGS_MODIFIED',
  'SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED',
  'SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED',
  'SERVICE_ACCOUNT_ADDED_TO_GROUP',
  'SERVICE_ACCOUNT_CREATED',
  'SERVICE_ACCOUNT_DELETED',
  'SERVICE_ACCOUNT_DETAILS_CHANGED',
  'SERVICE_ACCOUNT_REMOVED_FROM_GROUP',
  'SERVICE_ACCOUNT_ROLES_CHANGED',
  'SERVICE_ACCOUNT_SECRET_ADDED',
  'SERVICE_ACCOUNT_SECRET_DELETED',
  'TAGS_MODIFIED',
  'TEAM_ADDED_TO_GROUP',
  'TEAM_REMOVED_FROM_GROUP',
  'TEAM_ROLES_MODIFIED',
  'USER_ROLES_CHANGED_AUDIT',
] as const

/** Types that Atlas does not have; docs/api-differences.md tells each. `fidelity.ts` says who sees them. */
export const ownEventTypes = [
  'CONNECTIONS_KILLED',
  'CONTAINER_CREATED',
  'EDGE_ENROLLED',
  'EDGE_ENROLMENT_CREATED',
  'EDGE_REVOKED',
  'ENDPOINT_SERVICE_AVAILABLE',
  'ENDPOINT_SERVICE_FAILED',
  'ENDPOINT_SERVICE_RESTORED',
  'ENDPOINT_SERVICE_RETRIED',
  'ENDPOINT_SERVICE_UPDATED',
  'GROUP_SETTINGS_UPDATED',
  'INTERFACE_ENDPOINT_AVAILABLE',
  'INTERFACE_ENDPOINT_DEGRADED',
  'INTERFACE_ENDPOINT_FAILED',
  'INTERFACE_ENDPOINT_RECOVERED',
  'INTERFACE_ENDPOINT_REJECTED',
  'INTERFACE_ENDPOINT_RESTORED',
  'MONGODB_ROLE_DRIFT_DETECTED',
  'MONGODB_USER_DRIFT_DETECTED',
  'ORG_DELETED',
  'SESSION_LINK_CREATED',
  'WEBHOOK_DISABLED',
] as const
export type OwnEventType = (typeof ownEventTypes)[number]
